import { allOf, EVERY, isIn } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { allocation, job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import { type DriverUnderTest, micros } from './driver-under-test.js';

/** `count`: how many rows, and the earliest time among them. */
export function describeCount<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { ago } = cluster;

  describe('count', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(1, { state: 'RUNNING', startTime: ago(HOUR) }),
          job(2, { state: 'RUNNING', startTime: ago(2 * HOUR, 1) }),
          job(3, { state: 'RUNNING' }),
          job(4, { state: 'FAILED', startTime: ago(9 * HOUR) }),
        ],
        allocations: [allocation(1, 1), allocation(2, 2), allocation(3, 3), { ...allocation(4, 0), jobId: null }],
      }),
    );
    const running = () => isIn(of.columns.state, ['RUNNING']);

    test('is of all rows that meet the condition', async () => {
      const counted = await of.reading((tx) => tx.count({ table: of.jobs, where: running() }));
      expect(counted).toEqual([{ rows: 3, earliest: null }]);
    });

    test.each([1, 2, 3, 4])('stops at %i rows', async (atMost) => {
      const counted = await of.reading((tx) => tx.count({ table: of.jobs, where: running(), atMost }));
      expect(counted).toEqual([{ rows: Math.min(3, atMost), earliest: null }]);
    });

    test('finds the earliest time, to the smallest step', async () => {
      const earliest = { time: of.columns.startTime };
      const counted = await of.reading((tx) => tx.count({ table: of.jobs, where: running(), earliest }));
      expect(counted).toEqual([{ rows: 3, earliest: micros(ago(2 * HOUR, 1)) }]);
    });

    test("finds the earliest of all of the rows' own times, wherever counting stopped", async () => {
      const time = of.columns.startTime;
      const where = allOf(running(), { time, isSet: true });
      const counted = await of.reading((tx) => tx.count({ table: of.jobs, where, atMost: 1, earliest: { time } }));
      expect(counted).toEqual([{ rows: 1, earliest: micros(ago(2 * HOUR, 1)) }]);
    });

    test('finds no earliest time where none is set', async () => {
      const query = { table: of.jobs, where: EVERY, earliest: { time: of.columns.endTime } };
      expect(await of.reading((tx) => tx.count(query))).toEqual([{ rows: 4, earliest: null }]);
    });

    test('finds the earliest time of the rows that a link leads to', async () => {
      const earliest = { time: of.columns.startTime, parent: of.links.job };
      const where = { exists: of.links.job, where: running() };
      const counted = await of.reading((tx) => tx.count({ table: of.allocations, where, earliest }));
      expect(counted).toEqual([{ rows: 3, earliest: micros(ago(2 * HOUR, 1)) }]);
    });

    test('answers several questions, each for itself and in their order', async () => {
      const failed = {
        table: of.jobs,
        where: isIn(of.columns.state, ['FAILED']),
        earliest: { time: of.columns.startTime },
      };
      const asked = [{ table: of.jobs, where: running(), atMost: 2 }, failed, { table: of.allocations, where: EVERY }];
      expect(await of.reading((tx) => tx.count(...asked))).toEqual([
        { rows: 2, earliest: null },
        { rows: 1, earliest: micros(ago(9 * HOUR)) },
        { rows: 4, earliest: null },
      ]);
    });
  });
}
