import { type Copy, EVERY, isIn, JobsweepError } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { job } from '../support/rows.js';
import { HOUR } from '../support/times.js';
import type { DriverUnderTest } from './driver-under-test.js';

/** `copy`: rows as they are, into a table that has none of them. */
export function describeCopy<Session extends object>(of: DriverUnderTest<Session>): void {
  const { cluster } = of;
  const { transactions } = cluster.capabilities;
  const at = cluster.ago(HOUR, 1);
  const archived = async () => (await cluster.archive.read()).jobs;
  const archivedIds = async () => (await archived()).map(({ id }) => id);
  const copyOf = (ids: readonly number[], where = EVERY): Copy => ({
    ...{ from: of.jobs, to: of.archive, keys: of.keys('jobs', ...ids), where, columnsOf: 'from' },
  });
  const copy = (ids: readonly number[], where = EVERY) => of.writing((tx) => tx.copy(copyOf(ids, where)));

  describe('copy', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(1, { tenant: '7', pinned: 'true', startTime: at, errorMsg: `it's \\ ü ${'long '.repeat(20)}` }),
          job(2, { state: 'FAILED', name: null, heartbeat: at, exitCode: '' }),
          job(3),
        ],
      }),
    );

    test('adds the given rows, each column to the letter, and leaves them where they are', async () => {
      expect(await changesOf(cluster, async () => expect(await copy([1, 2])).toBe(2))).toEqual({});
      expect(await archived()).toEqual((await cluster.read()).jobs.slice(0, 2));
    });

    test('adds no row that does not meet the condition, and none that is not there', async () => {
      expect(await copy([1, 2, 9], isIn(of.columns.state, ['RUNNING']))).toBe(1);
      expect(await archivedIds()).toEqual(['1']);
    });

    test('refuses to go over a row with the key', async () => {
      await copy([1]);
      const before = await archived();
      await cluster.act({ table: 'jobs', where: { id: '1' }, set: { note: 'newer' } });
      await expect(copy([1])).rejects.toMatchObject({ code: 'ROW_REJECTED' });
      expect(await archived()).toEqual(before);
    });

    if (transactions) {
      test('is undone with its transaction', async () => {
        const undone = new JobsweepError('ABORTED', 'It is undone.');
        const work = of.writing(async (tx) => {
          await tx.copy(copyOf([1, 2]));
          throw undone;
        });
        await expect(work).rejects.toBe(undone);
        expect(await archived()).toEqual([]);
      });
    }
  });
}
