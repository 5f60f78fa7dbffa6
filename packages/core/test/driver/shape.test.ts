import { describe, expect, test } from 'vitest';
import { misfitsOf } from '../../src/index.js';

const column = (type: string, more: { readonly isGenerated?: boolean } = {}) => ({
  ...{ name: 'c', type, isGenerated: false, ...more },
});
const fits = (other: string, type: string) => misfitsOf([column(type)], [column(other)]).length === 0;

describe('a column', () => {
  test.each([
    ['character varying(40)', 'character varying(40)'],
    ['character varying(80)', 'character varying(40)'],
    ['character varying', 'character varying(40)'],
    ['varchar(80) collate utf8mb4_bin', 'varchar(40) collate utf8mb4_bin'],
    ['bigint', 'integer'],
    ['bigint unsigned', 'int unsigned'],
    ['int(11)', 'int(5)'],
    ['longtext collate x', 'text collate x'],
    ['numeric', 'numeric(10,2)'],
    ['numeric(12,3)', 'numeric(10,2)'],
    ['timestamp with time zone', 'timestamp(3) with time zone'],
    ['datetime(6)', 'datetime(0)'],
  ])('of type %s holds all that one of type %s does', (other, type) => {
    expect(fits(other, type)).toBe(true);
  });

  test.each([
    ['character varying(10)', 'character varying(40)'],
    ['character varying(10)', 'character varying'],
    ['varchar(80) collate utf8mb4_general_ci', 'varchar(40) collate utf8mb4_bin'],
    ['character(10)', 'character(5)'],
    ['integer', 'bigint'],
    ['bigint', 'int unsigned'],
    ['text', 'jsonb'],
    ['numeric(12,3)', 'numeric(12,2)'],
    ['numeric(12,1)', 'numeric(10,2)'],
    ['timestamp(3) with time zone', 'timestamp with time zone'],
    ['timestamp without time zone', 'timestamp with time zone'],
    ['datetime(3)', 'datetime(6)'],
    ["enum('a')", "enum('a','b')"],
    ['real', 'double precision'],
  ])('of type %s does not hold all that one of type %s does', (other, type) => {
    expect(fits(other, type)).toBe(false);
  });

  test('is missing, or made of others, where nothing can be copied to', () => {
    expect(misfitsOf([column('text')], [])).toEqual([{ column: 'c', type: 'text', other: null }]);
    expect(misfitsOf([column('text')], [column('text', { isGenerated: true })])).toHaveLength(1);
    expect(misfitsOf([column('text', { isGenerated: true })], [])).toEqual([]);
  });
});
