import type { Job, WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { testHeldRows } from '../support/held-rows.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { clock, DAY, later } from '../support/times.js';
import { type ClusterUnderTest, deletion, set } from '../support/under-test.js';

export function describeDeleteJobsBatch<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const old = { state: 'COMPLETED', startTime: ago(41 * DAY, 5), endTime: ago(40 * DAY, 5) };
  const released = (id: number, jobId: number) => allocation(id, jobId, { status: 'RELEASED' });

  const oldJobs = () => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getOldJobs(trx, 30));
  };

  const remove = (jobs: readonly Job[], options?: WriteOptions<Job>) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.deleteJobsBatch(trx, jobs, options));
  };

  describe('deleteJobsBatch', () => {
    test('deletes the given jobs and their released allocations, and touches no other row', async () => {
      const jobs = [1, 2, 3].map((id) =>
        job(id, { ...old, state: ['COMPLETED', 'FAILED', 'CANCELLED'][id - 1] ?? '' }),
      );
      const allocations = [released(1, 1), released(2, 1), released(3, 2), released(4, 4), released(5, 5)];
      await cluster.seed({ jobs: [...jobs, job(4, old), job(5)], allocations });
      const given = (await oldJobs()).filter(({ id }) => id !== '4');
      const record = recordOutcomes<Job>();
      const changes = await changesOf(cluster, async () => expect(await remove(given, record)).toBe(3));
      expect(changes).toEqual({
        'jobs/1': 'deleted',
        'jobs/2': 'deleted',
        'jobs/3': 'deleted',
        'allocations/1': 'deleted',
        'allocations/2': 'deleted',
        'allocations/3': 'deleted',
      });
      expect(record.outcomes).toEqual([{ changed: ['1', '2', '3'], contended: [] }]);
    });

    test.each(['RESERVED', 'ALLOCATED', 'DRAINING', 'released', '', null])(
      'keeps a job, with all its allocations, that holds one whose status is %j',
      async (status) => {
        const allocations = [released(1, 1), allocation(2, 1, { status }), released(3, 2)];
        await cluster.seed({ jobs: [job(1, old), job(2, old)], allocations });
        const jobs = await oldJobs();
        const record = recordOutcomes<Job>();
        const changes = await changesOf(cluster, async () => expect(await remove(jobs, record)).toBe(1));
        expect(changes).toEqual({ 'jobs/2': 'deleted', 'allocations/3': 'deleted' });
        expect(record.outcomes).toEqual([{ changed: ['2'], contended: [], holding: ['1'] }]);
      },
    );

    test.each([
      ['was queued again', set('jobs', 1, { state: 'PENDING', startTime: null, endTime: null })],
      ['runs again', set('jobs', 1, { state: 'RUNNING' })],
      ['has an unknown state', set('jobs', 1, { state: 'completed' })],
      ['is finished in another way', set('jobs', 1, { state: 'FAILED' })],
      ['ended anew', set('jobs', 1, { endTime: ago(40 * DAY, 4) })],
      ['lost its end', set('jobs', 1, { endTime: null })],
      ['started anew', set('jobs', 1, { startTime: ago(41 * DAY, 4) })],
      ['got an allocation', { table: 'allocations', insert: { id: '9', jobId: '1', status: 'ALLOCATED' } }] as const,
    ])('passes over a job that, since it was read, %s', async (_what, change) => {
      await cluster.seed({ jobs: [job(1, old), job(2, old)], allocations: [released(1, 1)] });
      const jobs = await oldJobs();
      await cluster.act(change);
      const record = recordOutcomes<Job>();
      expect(await changesOf(cluster, () => remove(jobs, record))).toEqual({ 'jobs/2': 'deleted' });
      expect(record.outcomes).toMatchObject([{ changed: ['2'], contended: [] }]);
    });

    test('passes over a job that was read while it runs, and still does', async () => {
      await cluster.seed({ jobs: [job(1, { startTime: ago(3 * DAY) })], allocations: [released(1, 1)] });
      const { repository, transaction } = cluster.store({ clock });
      const running = await transaction((trx) => repository.getStuckJobs(trx, 48));
      expect(idsOf(running)).toEqual(['1']);
      expect(await changesOf(cluster, async () => expect(await remove(running)).toBe(0))).toEqual({});
    });

    test('counts a job that somebody else has deleted not at all', async () => {
      await cluster.seed({ jobs: [job(1, old), job(2, old)] });
      const jobs = await oldJobs();
      await cluster.act(deletion('jobs', 1));
      expect(await remove(jobs)).toBe(1);
    });

    test('deletes also a job that was never old: the age is what the caller asked for', async () => {
      await cluster.seed({ jobs: [job(1, { state: 'FAILED' }), job(2)] });
      const given = ['1', '2'].map(
        (id): Job => ({
          id,
          name: '',
          state: 'FAILED',
          startTime: null,
          endTime: null,
          errorMsg: null,
          exitCode: null,
        }),
      );
      expect(await changesOf(cluster, () => remove(given))).toEqual({ 'jobs/1': 'deleted' });
    });

    testHeldRows(
      cluster,
      [
        { what: 'a job', rows: [['jobs', '1']] },
        { what: 'a released allocation', rows: [['allocations', '1']] },
      ],
      async () => {
        await cluster.seed({ jobs: [job(1, old), job(2, old)], allocations: [released(1, 1), released(2, 1)] });
        const jobs = await oldJobs();
        const record = recordOutcomes<Job>();
        return {
          run: () => remove(jobs, record),
          changes: { 'jobs/2': 'deleted' },
          check: () => expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]),
        };
      },
    );

    test('guards a job made by hand by its state, and by the milliseconds of its start and end', async () => {
      await cluster.seed({ jobs: [1, 2, 3, 4].map((id) => job(id, old)) });
      const jobs = (await oldJobs()).map(handMade);
      await cluster.act(set('jobs', 1, { startTime: later(old.startTime) }));
      await cluster.act(set('jobs', 2, { endTime: later(old.endTime) }));
      await cluster.act(set('jobs', 3, { state: 'FAILED' }));
      expect(await changesOf(cluster, () => remove(jobs))).toEqual({ 'jobs/4': 'deleted' });
    });

    test('of nothing is 0', async () => {
      const record = recordOutcomes<Job>();
      expect(await remove([], record)).toBe(0);
      expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
    });

    test('counts a job that it is given twice once', async () => {
      await cluster.seed({ jobs: [job(1, old)] });
      const jobs = await oldJobs();
      expect(await remove([...jobs, ...jobs])).toBe(1);
    });
  });
}
