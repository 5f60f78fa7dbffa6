import { allOf, EVERY, isIn, not } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { allocation, job } from '../support/rows.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** `remove`: rows that are locked and meet the guard, and no others. */
export function describeRemove<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions, skipsLocked } = cluster.capabilities;
  const isRunning = () => isIn(of.columns.state, ['RUNNING']);

  const remove = (ids: readonly number[], guard = EVERY) =>
    of.writing(async (tx) => of.idsOfKeys(await tx.remove(of.jobs, await of.rows(tx, 'jobs', ...ids), guard)).sort());

  describe('remove', () => {
    beforeEach(() =>
      cluster.seed({ jobs: [job(1), job(2, { state: 'FAILED' }), job(3), job(4)], allocations: [allocation(1, 4)] }),
    );

    test('deletes the given rows and no others', async () => {
      expect(await changesOf(cluster, () => remove([1, 2]))).toEqual({ 'jobs/1': 'deleted', 'jobs/2': 'deleted' });
    });

    test('returns the keys of the rows that are gone', async () => {
      expect(await remove([1, 2])).toEqual(['1', '2']);
    });

    test('deletes no row that does not meet the guard', async () => {
      const work = () => remove([1, 2, 3], isRunning());
      expect(await changesOf(cluster, work)).toEqual({ 'jobs/1': 'deleted', 'jobs/3': 'deleted' });
    });

    // A row that is not as it was read fails a commit, so that there the number is all that counts.
    if (!transactions || skipsLocked) {
      test('returns no key of a row that is still there', async () => {
        expect(await remove([1, 2, 3], isRunning())).toEqual(['1', '3']);
      });
    } else {
      test('returns as many keys as rows are gone', async () => {
        expect(await remove([1, 2, 3], isRunning())).toHaveLength(2);
      });
    }

    if (transactions && skipsLocked) {
      test('deletes no row on which others hang where the guard says so', async () => {
        const isFree = not({ exists: of.links.ofJob, where: EVERY });
        expect(await remove([3, 4], allOf(isRunning(), isFree))).toEqual(['3']);
      });
    }
  });
}
