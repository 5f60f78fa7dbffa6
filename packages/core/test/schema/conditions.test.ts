import { describe, expect, it } from 'vitest';
import { type ConditionOption, resolveFilters } from '../../src/index.js';
import { errorWith } from '../support.js';

const resolved = (scope: ConditionOption, key = ['id']) => resolveFilters({ scope }, { key }).scope;
const [PINNED, KEPT] = [
  { column: 'pinned', in: [true] },
  { column: 'note', in: ['keep'] },
];

describe('a condition', () => {
  it.each<[string, ConditionOption, unknown]>([
    ['of a value', { pinned: true }, PINNED],
    ['of NULL', { pinned: null }, { column: 'pinned', in: [null] }],
    ['of several values', { queue: ['gpu', null, 7] }, { column: 'queue', in: ['gpu', null, 7] }],
    ['of a value that stands in words', { pinned: { is: true } }, PINNED],
    ['of anything but a value', { pinned: { isNot: true } }, { not: PINNED }],
    ['of anything but NULL', { pinned: { isNot: null } }, { not: { column: 'pinned', in: [null] } }],
    ['of anything but some values', { n: { isNot: [1, 2] } }, { not: { column: 'n', in: [1, 2] } }],
    ['of several columns: all of them', { pinned: true, note: 'keep' }, { all: [PINNED, KEPT] }],
    ['of a list: any of it', [{ pinned: true }, { note: 'keep' }], { any: [PINNED, KEPT] }],
    ['of a list of one', [{ pinned: true }], PINNED],
    [
      'of a column with the name of a word',
      { exists: true, is: 1 },
      {
        all: [
          { column: 'exists', in: [true] },
          { column: 'is', in: [1] },
        ],
      },
    ],
    ['of a column named exists, in words', { exists: { isNot: null } }, { not: { column: 'exists', in: [null] } }],
  ])('%s', (_what, option, condition) => {
    expect(resolved(option)).toEqual(condition);
  });

  it('of rows in another table', () => {
    expect(resolved({ exists: { table: 'annotations', key: 'job_id', where: { note: 'keep' } } })).toMatchObject({
      exists: { kind: 'children', to: { name: 'annotations', schema: undefined }, on: [['id', 'job_id']] },
      where: KEPT,
    });
  });

  it('of rows in another table that name a key of several columns', () => {
    const option = { exists: { schema: 'meta', table: 'notes', key: ['dag', 'run'] } };
    expect(resolved(option, ['dag_id', 'run_id'])).toMatchObject({
      exists: {
        to: { name: 'notes', schema: 'meta' },
        on: [
          ['dag_id', 'dag'],
          ['run_id', 'run'],
        ],
      },
      where: { all: [] },
    });
  });

  const TESTS = 'give a text, a finite number, a boolean, null, a list of these, { is: ... } or { isNot: ... }.';
  it.each<[unknown, string]>([
    [{ queue: [] }, 'filters.scope.queue is []: name at least one value.'],
    [{ queue: undefined }, 'filters.scope.queue is undefined: give a text, a finite number, a boolean or null.'],
    [{ queue: Number.NaN }, 'filters.scope.queue is NaN: give a text, a finite number, a boolean or null.'],
    [{ queue: { not: 7 } }, `filters.scope.queue is { not: 7 }: ${TESTS}`],
    [{ queue: { is: 7, isNot: 8 } }, `filters.scope.queue is { is: 7, isNot: 8 }: ${TESTS}`],
    [{ queue: { isNot: [] } }, 'filters.scope.queue.isNot is []: name at least one value.'],
    [[], 'filters.scope is []: name at least one condition.'],
    [[{}], 'filters.scope[0] is {}: name at least one column.'],
    [[{ a: 1 }, 7], 'filters.scope[1] is 7: give an object of columns, or a list of such.'],
    [{ exists: { tabel: 'notes' } }, "filters.scope.exists.tabel is 'tabel': use schema, table, key, where."],
    [{ exists: { table: 'notes' } }, 'filters.scope.exists.key is undefined: give the name as the database has it.'],
    [{ exists: { key: 'job_id' } }, 'filters.scope.exists.table is undefined: give the name as the database has it.'],
    [
      { exists: { table: 'notes', key: ['a', 'b'] } },
      "filters.scope.exists.key is [ 'a', 'b' ]: name the columns that hold id, in this order.",
    ],
    [
      { exists: { table: 'notes', key: 'job', where: { exists: { table: 'tags', key: 'note' } } } },
      "filters.scope.exists.where.exists is { table: 'tags', key: 'note' }: look into one table and no further.",
    ],
    [
      { queue: Array.from({ length: 1001 }, (_value, index) => index) },
      "filters.scope.queue is '1001 values': give at most 1000, or mark those jobs in a column and filter by it.",
    ],
    [
      Array.from({ length: 101 }, (_value, index) => ({ [`c${index}`]: 1 })),
      "filters.scope is '101 terms': use at most 100, or mark those rows in a column.",
    ],
  ])('that makes no sense is refused: %j', (scope, message) => {
    expect(() => resolveFilters({ scope: scope as ConditionOption })).toThrow(errorWith('INVALID_OPTION', message));
  });
});
