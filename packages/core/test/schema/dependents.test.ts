import { describe, expect, it } from 'vitest';
import { resolveSchema, type SchemaOptions, withNested } from '../../src/index.js';
import { errorWith } from '../support.js';

const resolved = (dependents: unknown, rest: SchemaOptions = {}) =>
  resolveSchema({ ...rest, dependents: dependents as NonNullable<SchemaOptions['dependents']> }).dependents;

describe('dependents', () => {
  it('hang on jobs, and on one another', () => {
    const lines = { table: 'lines', id: ['log', 'no'], key: 'log' };
    const { delete: dependents } = resolved({ delete: [{ table: 'logs', key: 'job_id', dependents: [lines] }] });
    expect(
      withNested(dependents).map(({ path, link: { to, on } }) => ({ path, name: to.name, key: to.key, on })),
    ).toEqual([
      { path: 'schema.dependents.delete[0]', name: 'logs', key: ['id'], on: [['id', 'job_id']] },
      { path: 'schema.dependents.delete[0].dependents[0]', name: 'lines', key: ['log', 'no'], on: [['id', 'log']] },
    ]);
  });

  it('name the whole key of what they hang on', () => {
    const jobs = { jobs: { columns: { id: ['queue', 'no'] } }, allocations: null };
    const [logs] = resolved({ delete: [{ table: 'logs', key: ['job_queue', 'job_no'] }] }, jobs).delete;
    expect(logs?.link.on).toEqual([
      ['queue', 'job_queue'],
      ['no', 'job_no'],
    ]);
  });

  it.each([
    ['[]', 'schema.dependents is []. Give an object.'],
    ['{"remove":[]}', 'schema.dependents.remove is not an option. Use delete, keep.'],
    ['{"delete":{}}', 'schema.dependents.delete is {}. Give a list.'],
    ['{"delete":["logs"]}', 'schema.dependents.delete[0] is "logs". Give an object.'],
    ['{"delete":[{"key":"job"}]}', 'schema.dependents.delete[0].table is null. Give the name as the database has it.'],
    ['{"delete":[{"table":"logs"}]}', 'schema.dependents.delete[0].key is null. Give the name as the database has it.'],
    [
      '{"delete":[{"table":"logs","job":"x"}]}',
      'schema.dependents.delete[0].job is not an option. Use schema, table, id, key, dependents.',
    ],
    [
      '{"delete":[{"table":"logs","key":["a","b"]}]}',
      'schema.dependents.delete[0].key names a, b, and the key that they hold is id. Name as many columns, in the same order.',
    ],
    [
      '{"delete":[{"table":"jobs","key":"parent"}]}',
      "schema.dependents.delete[0].table is 'jobs'. Name another table: rows of this one have rules of their own.",
    ],
    [
      '{"delete":[{"table":"logs","key":"job","dependents":[{"table":"logs","key":"log"}]}]}',
      "schema.dependents.delete[0].dependents[0].table is 'logs'. Name another table: rows of this one have rules of their own.",
    ],
    ['{"keep":[{"key":"job"}]}', 'schema.dependents.keep[0].table is undefined. Give the name as the database has it.'],
    ['{"keep":[7]}', 'schema.dependents.keep[0] is 7. Give an object with a table and its key.'],
    [
      '{"keep":[{"table":"notes","key":"job","when":{}}]}',
      'schema.dependents.keep[0].when is "when". Use schema, table, key, where.',
    ],
  ])('are refused where they make no sense: %s', (text, message) => {
    expect(() => resolved(JSON.parse(text))).toThrow(errorWith('INVALID_SCHEMA', message));
  });

  it('are 20 tables at most', () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ table: `t${index}`, key: 'job' }));
    expect(() => resolved({ delete: many })).toThrow('schema.dependents.delete has 21 tables. Name at most 20.');
  });
});
