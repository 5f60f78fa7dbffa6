import { allOf, anyOf, type Condition, EVERY, isIn, not } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TableName } from '../cluster.js';
import { allocation, job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import { type DriverUnderTest, micros } from './driver-under-test.js';

/** A condition, and the rows of the test data that meet it. */
interface Case {
  readonly name: string;
  readonly condition: () => Condition;
  readonly ids: readonly number[];
}

/** Conditions on rows, of each kind, as pages and counts understand them: true or false, and nothing between. */
export function describeConditions<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const at = cluster.ago(HOUR);

  const jobs: readonly Case[] = [
    { name: 'all of none', condition: () => EVERY, ids: [1, 2, 3, 4, 5] },
    { name: 'any of none', condition: () => anyOf(), ids: [] },
    { name: 'not any of none', condition: () => not(anyOf()), ids: [1, 2, 3, 4, 5] },
    { name: 'a value', condition: () => isIn(of.columns.state, ['RUNNING']), ids: [1, 2] },
    { name: 'any of some values', condition: () => isIn(of.columns.state, ['FAILED', 'RUNNING']), ids: [1, 2, 3] },
    { name: 'no value', condition: () => isIn(of.columns.state, []), ids: [] },
    { name: 'not no value', condition: () => not(isIn(of.columns.state, [])), ids: [1, 2, 3, 4, 5] },
    { name: 'NULL', condition: () => isIn(of.columns.state, [null]), ids: [4, 5] },
    { name: 'a value or NULL', condition: () => isIn(of.columns.state, ['FAILED', null]), ids: [3, 4, 5] },
    { name: 'not a value, as NULL is not', condition: () => not(isIn(of.columns.state, ['RUNNING'])), ids: [3, 4, 5] },
    { name: 'not NULL', condition: () => not(isIn(of.columns.state, [null])), ids: [1, 2, 3] },
    { name: 'a number', condition: () => isIn(of.columns.tenant, [7]), ids: [1, 3] },
    { name: 'not a number', condition: () => not(isIn(of.columns.tenant, [7])), ids: [2, 4, 5] },
    { name: 'a boolean', condition: () => isIn(of.columns.pinned, [true]), ids: [2] },
    { name: 'not a boolean', condition: () => not(isIn(of.columns.pinned, [true])), ids: [1, 3, 4, 5] },
    { name: 'a time strictly before an instant', condition: () => isBefore(at), ids: [3] },
    {
      name: 'not a time before an instant, as one that is not set is not',
      condition: () => not(isBefore(at)),
      ids: [1, 2, 4, 5],
    },
    { name: 'a time that is set', condition: () => isSet(true), ids: [1, 2, 3] },
    { name: 'a time that is not set', condition: () => isSet(false), ids: [4, 5] },
    { name: 'not a time that is set', condition: () => not(isSet(true)), ids: [4, 5] },
    {
      name: 'both of two',
      condition: () => allOf(isIn(of.columns.state, ['RUNNING']), isIn(of.columns.tenant, [7])),
      ids: [1],
    },
    {
      name: 'either of two',
      condition: () => anyOf(isIn(of.columns.state, ['FAILED']), isIn(of.columns.tenant, [8])),
      ids: [2, 3],
    },
    {
      name: 'neither of two, where one of them is unknown',
      condition: () => not(anyOf(isIn(of.columns.state, ['RUNNING']), isIn(of.columns.tenant, [7]))),
      ids: [4, 5],
    },
    {
      name: 'not both of two, where one of them is unknown',
      condition: () => not(allOf(isIn(of.columns.state, ['RUNNING']), isIn(of.columns.tenant, [7]))),
      ids: [2, 3, 4, 5],
    },
    { name: 'not not', condition: () => not(not(isIn(of.columns.state, ['RUNNING']))), ids: [1, 2] },
    { name: 'a child', condition: () => ({ exists: of.links.ofJob, where: EVERY }), ids: [1, 2, 3] },
    {
      name: 'a child that meets a condition',
      condition: () => ({ exists: of.links.ofJob, where: inStatus('RESERVED') }),
      ids: [1, 3],
    },
    { name: 'no child', condition: () => not({ exists: of.links.ofJob, where: EVERY }), ids: [4, 5] },
    {
      name: 'no child that meets a condition',
      condition: () => not({ exists: of.links.ofJob, where: inStatus('RESERVED') }),
      ids: [2, 4, 5],
    },
    {
      name: 'a child that does not meet a condition, as NULL does not',
      condition: () => ({ exists: of.links.ofJob, where: not(inStatus('RESERVED', 'RELEASED')) }),
      ids: [2],
    },
  ];
  const allocations: readonly Case[] = [
    { name: 'a parent', condition: () => ({ exists: of.links.job, where: EVERY }), ids: [1, 2, 3, 4] },
    {
      name: 'a parent that meets a condition',
      condition: () => ({ exists: of.links.job, where: isIn(of.columns.state, ['RUNNING']) }),
      ids: [1, 2, 3],
    },
    {
      name: 'no parent that meets a condition',
      condition: () => not({ exists: of.links.job, where: isIn(of.columns.state, ['RUNNING']) }),
      ids: [4, 5],
    },
    { name: 'a sibling', condition: () => ({ exists: of.links.siblings, where: EVERY }), ids: [1, 2] },
    {
      name: 'a sibling that meets a condition',
      condition: () => ({ exists: of.links.siblings, where: inStatus('RESERVED') }),
      ids: [2],
    },
    {
      name: 'no sibling that meets a condition',
      condition: () => not({ exists: of.links.siblings, where: inStatus('RESERVED') }),
      ids: [1, 3, 4, 5],
    },
    {
      name: 'no sibling whose parent meets a condition',
      condition: () =>
        not({ exists: of.links.siblings, where: { exists: of.links.job, where: isIn(of.columns.state, ['RUNNING']) } }),
      ids: [3, 4, 5],
    },
  ];

  const isBefore = (iso: string): Condition => ({ time: of.columns.startTime, before: micros(iso) });
  const isSet = (is: boolean): Condition => ({ time: of.columns.startTime, isSet: is });
  const inStatus = (...statuses: readonly string[]) => isIn(of.columns.status, statuses);

  /** As a page, a count and, of the row's own columns, the guard of an update understand it. */
  const testEach = (name: TableName, cases: readonly Case[]) => {
    test.each(cases.map((each) => [each.name, each] as const))(`${name} with %s`, async (_name, { condition, ids }) => {
      const query = { table: of[name], where: condition() };
      const wanted = ids.map(String);
      expect(of.idsOf(await of.reading((tx) => tx.page({ ...query, columns: [], limit: 99 })))).toEqual(wanted);
      expect(await of.reading((tx) => tx.count(query))).toMatchObject([{ rows: ids.length }]);
      if (isLinked(query.where)) return;
      await of.writing(async (tx) => {
        const rows = await of.rows(tx, name, ...ALL);
        return tx.update(of[name], { rows, set: { note: { value: 'met' } }, guard: query.where, columns: [] });
      });
      const written = (await cluster.read())[name].filter(({ note }) => note === 'met');
      expect(written.map(({ id }) => id)).toEqual(wanted);
    });
  };

  describe('conditions find', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(1, { state: 'RUNNING', tenant: '7', pinned: 'false', startTime: at }),
          job(2, { state: 'RUNNING', tenant: '8', pinned: 'true', startTime: cluster.ago(HOUR, -1) }),
          job(3, { state: 'FAILED', tenant: '7', startTime: cluster.ago(HOUR, 1) }),
          job(4, { state: null }),
          job(5, { state: null }),
        ],
        allocations: [
          allocation(1, 1, { status: 'RESERVED' }),
          allocation(2, 1, { status: 'RELEASED' }),
          allocation(3, 2, { status: null }),
          allocation(4, 3, { status: 'RESERVED' }),
          { ...allocation(5, 0, { status: 'RESERVED' }), jobId: null },
        ],
      }),
    );
    testEach('jobs', jobs);
    testEach('allocations', allocations);
  });
}

const ALL = [1, 2, 3, 4, 5];

/** Whether it asks something of other rows. */
function isLinked(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(isLinked);
  if ('any' in condition) return condition.any.some(isLinked);
  return 'not' in condition ? isLinked(condition.not) : 'exists' in condition;
}
