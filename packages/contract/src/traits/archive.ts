import type { Job, WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { recordOutcomes } from '../support/outcomes.js';
import { allocation, job } from '../support/rows.js';
import { clock, DAY } from '../support/times.js';
import { type ClusterUnderTest, set, whileHeld } from '../support/under-test.js';

/** Deleted rows are kept: what is deleted is in the archive as it was, and what stays is not. */
export function describeArchive<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const { transactions } = cluster.capabilities;
  const old = { state: 'COMPLETED', startTime: ago(41 * DAY, 5), endTime: ago(40 * DAY, 5) };
  const released = (id: number, jobId: number) => allocation(id, jobId, { status: 'RELEASED' });
  const nothing = { jobs: [], allocations: [] };

  const store = () => cluster.store({ clock, archive: true });
  const oldJobs = () => {
    const { repository, transaction } = store();
    return transaction((session) => repository.getOldJobs(session, 30));
  };
  const remove = (jobs: readonly Job[], options?: WriteOptions<Job>) => {
    const { repository, transaction } = store();
    return transaction((session) => repository.deleteJobsBatch(session, jobs, options));
  };
  const archivedIds = async () => {
    const { jobs, allocations } = await cluster.archive.read();
    return { jobs: jobs.map(({ id }) => id), allocations: allocations.map(({ id }) => id) };
  };

  describe('an archive', () => {
    if (!transactions) {
      test('needs transactions: nothing is deleted without', async () => {
        await cluster.seed({ jobs: [job(1, old)] });
        const jobs = await oldJobs();
        await expect(remove(jobs)).rejects.toMatchObject({ code: 'TRANSACTIONS_REQUIRED' });
        expect(await archivedIds()).toEqual(nothing);
        expect((await cluster.read()).jobs).toHaveLength(1);
      });
      return;
    }

    test('keeps what is deleted, each column to the letter: jobs and their allocations', async () => {
      const text = `it's \\ ü ${'long '.repeat(20)}`;
      const [first, second] = [
        job(1, { ...old, tenant: '7', pinned: 'true', heartbeat: ago(0, 3), errorMsg: text, exitCode: '' }),
        job(2, { ...old, state: 'FAILED', name: null, note: null }),
      ];
      const allocations = [
        allocation(1, 1, {
          status: 'RELEASED',
          allocationTime: ago(41 * DAY, 1),
          releasedTime: ago(41 * DAY),
          note: null,
        }),
        released(2, 2),
        allocation(3, 3),
      ];
      await cluster.seed({ jobs: [first, second, job(3)], allocations });
      const before = await cluster.read();
      expect(await remove(await oldJobs())).toBe(2);
      const isGone = ({ id }: { readonly id: string }) => id !== '3';
      expect(await cluster.archive.read()).toEqual({
        jobs: before.jobs.filter(isGone),
        allocations: before.allocations.filter(isGone),
      });
      expect((await cluster.read()).jobs.map(({ id }) => id)).toEqual(['3']);
    });

    test.each([
      ['was queued again', set('jobs', 1, { state: 'PENDING', startTime: null, endTime: null })],
      ['ended anew', set('jobs', 1, { endTime: ago(40 * DAY, 4) })],
      ['got an allocation', { table: 'allocations', insert: { id: '9', jobId: '1', status: 'ALLOCATED' } }] as const,
    ])('keeps nothing of a job that, since it was read, %s', async (_what, change) => {
      await cluster.seed({ jobs: [job(1, old), job(2, old)], allocations: [released(1, 1)] });
      const jobs = await oldJobs();
      await cluster.act(change);
      const record = recordOutcomes<Job>();
      await remove(jobs, record);
      expect(record.outcomes).toMatchObject([{ changed: ['2'] }]);
      expect(await archivedIds()).toEqual({ jobs: ['2'], allocations: [] });
    });

    if (cluster.capabilities.skipsLocked) {
      test('keeps nothing of a job that others hold, nor of one of whose allocations they hold one', async () => {
        await cluster.seed({
          jobs: [1, 2, 3].map((id) => job(id, old)),
          allocations: [1, 2, 3].map((id) => released(id, id)),
        });
        const jobs = await oldJobs();
        const held = [['jobs', '1'] as const, ['allocations', '2'] as const];
        expect(await whileHeld(cluster, held, () => remove(jobs))).toBe(1);
        expect(await archivedIds()).toEqual({ jobs: ['3'], allocations: ['3'] });
      });
    }

    test('has what was deleted last where a key was used again', async () => {
      const seed = (note: string) => cluster.seed({ jobs: [job(1, { ...old, note })], allocations: [released(1, 1)] });
      await seed('first');
      await remove(await oldJobs());
      await seed('second');
      expect(await remove(await oldJobs())).toBe(1);
      const { jobs, allocations } = await cluster.archive.read();
      expect(jobs.map(({ id, note }) => [id, note])).toEqual([['1', 'second']]);
      expect(allocations).toHaveLength(1);
    });

    test('has nothing of a transaction that was given up', async () => {
      await cluster.seed({ jobs: [job(1, old)], allocations: [released(1, 1)] });
      const jobs = await oldJobs();
      const undone = new Error('undone');
      const { repository, transaction } = store();
      const work = transaction(async (session) => {
        expect(await repository.deleteJobsBatch(session, jobs)).toBe(1);
        throw undone;
      });
      await expect(work).rejects.toBe(undone);
      expect(await archivedIds()).toEqual(nothing);
    });
  });
}
