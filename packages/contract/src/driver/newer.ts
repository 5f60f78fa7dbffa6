import { type Condition, EVERY, isIn, not } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** `newer`: rows that come after a row in the order of a time and the key, as many as are asked for. */
export function describeNewer<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { ago } = cluster;

  /** @param by the columns whose values have to be the same. */
  const newer = (count: number, where: Condition = EVERY, ...by: readonly string[]): Condition => ({
    exists: { to: of.jobs, on: by.map((column) => [column, column]), kind: 'siblings' },
    where,
    newer: { time: of.columns.startTime, count },
  });
  const found = async (condition: Condition) => {
    const query = { table: of.jobs, where: condition };
    const ids = of.idsOf(await of.reading((tx) => tx.page({ ...query, columns: [], limit: 99 })));
    expect(await of.reading((tx) => tx.count(query))).toMatchObject([{ rows: ids.length }]);
    return ids;
  };

  describe('newer', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(2, { startTime: ago(3 * HOUR), note: 'a', tenant: '7' }),
          job(10, { startTime: ago(2 * HOUR), note: 'A', tenant: '7' }),
          job(9, { startTime: ago(2 * HOUR), note: 'a', tenant: '8', state: 'FAILED' }),
          job(3, { startTime: ago(2 * HOUR, -1), note: null, tenant: '7' }),
          job(4, { startTime: null, note: 'a', tenant: '7' }),
        ],
      }),
    );

    test('is a row with a later time, to the smallest step, or with the same and a higher key', async () => {
      expect(await found(newer(1))).toEqual(['2', '9', '10']);
    });

    test('has to be there as often as is asked for, and a time that is not set is after none', async () => {
      expect(await found(newer(2))).toEqual(['2', '9']);
      expect(await found(newer(3))).toEqual(['2']);
      expect(await found(newer(4))).toEqual([]);
    });

    test('may be missing: what so many come after is not among the newest, and what is not dated neither', async () => {
      expect(await found(not(newer(2)))).toEqual(['3', '4', '10']);
    });

    test('has to meet the condition', async () => {
      expect(await found(newer(1, isIn(of.columns.state, ['FAILED'])))).toEqual(['2']);
      expect(await found(newer(2, isIn(of.columns.state, ['RUNNING'])))).toEqual(['2', '9']);
    });

    test('has the same values where a link asks for them, to the letter, and NULL is the same as nothing', async () => {
      expect(await found(newer(1, EVERY, of.columns.note))).toEqual(['2']);
      expect(await found(newer(1, EVERY, of.columns.tenant))).toEqual(['2', '10']);
      expect(await found(newer(2, EVERY, of.columns.tenant))).toEqual(['2']);
    });
  });
}
