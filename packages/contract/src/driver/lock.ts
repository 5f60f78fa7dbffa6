import { EVERY, isIn } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { job } from '../support/rows.js';
import type { DriverUnderTest } from './driver-under-test.js';
import { testLockAtCommit } from './lock-at-commit.js';
import { testLockBeforehand } from './lock-beforehand.js';

/** `lock`: rows by their keys, as they are now, and nobody else's until the transaction ends. */
export function describeLock<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions, skipsLocked } = cluster.capabilities;
  const seed = (...ids: readonly number[]) => cluster.seed({ jobs: ids.map((id) => job(id)) });
  const lock = (...ids: readonly number[]) =>
    of.writing((tx) => {
      const { state } = of.columns;
      return tx.lock(of.jobs, of.keys('jobs', ...ids), { columns: [state] }, isIn(state, ['RUNNING']));
    });

  describe('lock', () => {
    test('gives the rows that are there and meet the condition', async () => {
      await cluster.seed({ jobs: [job(1), job(2, { state: 'FAILED' }), job(3), job(4)] });
      const { rows, held } = await lock(1, 2, 3, 99);
      expect(
        rows.map((row) => of.shownRow(row, 'state')).sort((one, other) => Number(one.id) - Number(other.id)),
      ).toEqual([
        { id: '1', state: 'RUNNING' },
        { id: '3', state: 'RUNNING' },
      ]);
      expect(held).toEqual([]);
    });

    test('gives a row once whose key is given twice', async () => {
      await seed(1);
      expect(of.idsOf((await lock(1, 1)).rows)).toEqual(['1']);
    });

    test('names for each row the first label whose condition holds', async () => {
      await seed(1, 2);
      const labels = { is: [{ when: isIn(of.columns.name, ['job-2']), label: 'two' }] };
      const { rows } = await of.writing((tx) =>
        tx.lock(of.jobs, of.keys('jobs', 1, 2), { columns: [], labels }, EVERY),
      );
      expect(rows.map((row) => [of.idOf(row), row.labels?.is])).toEqual(
        expect.arrayContaining([
          ['1', null],
          ['2', 'two'],
        ]),
      );
    });

    if (!transactions) return;
    if (skipsLocked) testLockBeforehand(of);
    else testLockAtCommit(of);
  });
}
