import type { Job, WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { testHeldRows } from '../support/held-rows.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, job } from '../support/rows.js';
import { clock, HOUR, WRITTEN_NOW } from '../support/times.js';
import { type ClusterUnderTest, deletion, expectServerTimes, set } from '../support/under-test.js';

export function describeMarkJobAsFailed<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const started = { startTime: ago(49 * HOUR, 5) };
  const FAILED = { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'too long', exitCode: '-2:0' };

  const stuckJobs = () => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getStuckJobs(trx, 48));
  };

  const markFailed = (jobs: readonly Job[], exitCode?: string, options?: WriteOptions<Job>) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.markJobsAsFailed(trx, jobs, 'too long', exitCode, options));
  };

  describe('markJobsAsFailed', () => {
    test('writes state, end, message and exit code -2:0, and nothing else of any row', async () => {
      const allocations = [allocation(1, 1), allocation(2, 1, { status: 'RELEASED' })];
      await cluster.seed({ jobs: [job(1, { ...started, errorMsg: 'old' }), job(2, started), job(3)], allocations });
      const [first] = await stuckJobs();
      expect(await changesOf(cluster, () => markFailed(first ? [first] : []))).toEqual({ 'jobs/1': FAILED });
    });

    test('writes the exit code it is given', async () => {
      await cluster.seed({ jobs: [job(1, started)] });
      const jobs = await stuckJobs();
      const changes = await changesOf(cluster, () => markFailed(jobs, '-9:0'));
      expect(changes).toEqual({ 'jobs/1': { ...FAILED, exitCode: '-9:0' } });
    });

    test('returns the jobs that it marked as they are now, ready to be handed on', async () => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [allocation(1, 1)] });
      const { repository, transaction } = cluster.store({ clock });
      const failed = await markFailed(await stuckJobs());
      expect(failed).toMatchObject([{ id: '1', state: 'FAILED', endTime: clock.now(), errorMsg: 'too long' }]);
      expect(await transaction((trx) => repository.releaseResourcesForJobs(trx, failed))).toHaveLength(1);
    });

    test("takes the end from the database's clock, however wrong this process's is", async () => {
      await cluster.seed({ jobs: [job(1, { startTime: '2020-01-01T00:00:00Z' })] });
      const { repository, transaction } = cluster.store();
      const work = () =>
        transaction(async (trx) => {
          const jobs = await repository.getStuckJobs(trx, 48);
          return repository.markJobsAsFailed(trx, jobs, 'too long');
        });
      await expectServerTimes(cluster, work, ({ jobs }) => [jobs[0]?.endTime]);
    });

    test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'running', 'SUSPENDED'])(
      'passes over a job that has become "%s" since it was read',
      async (state) => {
        await cluster.seed({ jobs: [job(1, started), job(2, started)] });
        const jobs = await stuckJobs();
        await cluster.act(set('jobs', 1, { state }));
        const record = recordOutcomes<Job>();
        expect(await changesOf(cluster, () => markFailed(jobs, undefined, record))).toEqual({ 'jobs/2': FAILED });
        expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
      },
    );

    test.each([
      ['was started again', set('jobs', 1, { startTime: ago(49 * HOUR, 4) })],
      ['lost its start', set('jobs', 1, { startTime: null })],
      ['got an end', set('jobs', 1, { endTime: ago(0) })],
      ['was deleted', deletion('jobs', 1)],
    ])('passes over a job that %s since it was read', async (_what, change) => {
      await cluster.seed({ jobs: [job(1, started)] });
      const jobs = await stuckJobs();
      await cluster.act(change);
      const record = recordOutcomes<Job>();
      expect(await changesOf(cluster, () => markFailed(jobs, undefined, record))).toEqual({});
      expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
    });

    test('passes over a job that was read in another state, and still is in it', async () => {
      const old = { state: 'COMPLETED', startTime: ago(1000 * HOUR), endTime: ago(999 * HOUR) };
      await cluster.seed({ jobs: [job(1, old)] });
      const { repository, transaction } = cluster.store({ clock });
      const jobs = await transaction((trx) => repository.getOldJobs(trx, 30));
      expect(await changesOf(cluster, async () => expect(await markFailed(jobs)).toEqual([]))).toEqual({});
    });

    test('ignores changes of columns that no rule looks at', async () => {
      await cluster.seed({ jobs: [job(1, started)] });
      const jobs = await stuckJobs();
      await cluster.act(set('jobs', 1, { note: 'bob', name: 'other', errorMsg: 'warning' }));
      expect(await markFailed(jobs)).toMatchObject([{ name: 'other' }]);
    });

    testHeldRows(cluster, [{ what: 'a job', rows: [['jobs', '1']] }], async () => {
      await cluster.seed({ jobs: [job(1, started), job(2, started)] });
      const jobs = await stuckJobs();
      const record = recordOutcomes<Job>();
      return {
        run: () => markFailed(jobs, undefined, record),
        changes: { 'jobs/2': FAILED },
        check: () => expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]),
      };
    });

    test('guards a job made by hand by the millisecond of its start, from its beginning up to the next', async () => {
      const second = '2026-01-01T00:00:00';
      const times = [`${second}.123000Z`, `${second}.123999Z`, `${second}.124000Z`, `${second}.122999Z`];
      await cluster.seed({ jobs: times.map((startTime, index) => job(index + 1, { startTime })) });
      const given = (await stuckJobs()).map((row) => ({ ...handMade(row), startTime: new Date(`${second}.123Z`) }));
      expect((await markFailed(given)).map(({ id }) => id).sort()).toEqual(['1', '2']);
    });

    test('of nothing changes nothing and says so', async () => {
      const record = recordOutcomes<Job>();
      expect(await markFailed([], undefined, record)).toEqual([]);
      expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
    });

    test('marks a job that it is given twice once', async () => {
      await cluster.seed({ jobs: [job(1, started)] });
      const jobs = await stuckJobs();
      const record = recordOutcomes<Job>();
      expect(await markFailed([...jobs, ...jobs], undefined, record)).toHaveLength(1);
      expect(record.outcomes).toEqual([{ changed: ['1'], contended: [] }]);
    });
  });

  describe('markJobAsFailed', () => {
    test('does the same for one job and says whether it was marked', async () => {
      await cluster.seed({ jobs: [job(1, started), job(2, started)] });
      const { repository, transaction } = cluster.store({ clock });
      const [first] = await stuckJobs();
      if (first === undefined) throw new Error('Nothing is stuck');
      const mark = (exitCode?: string) =>
        transaction((trx) => repository.markJobAsFailed(trx, first, 'too long', exitCode));
      expect(await changesOf(cluster, async () => expect(await mark()).toBe(true))).toEqual({ 'jobs/1': FAILED });
      expect(await changesOf(cluster, async () => expect(await mark('-9:0')).toBe(false))).toEqual({});
    });
  });
}
