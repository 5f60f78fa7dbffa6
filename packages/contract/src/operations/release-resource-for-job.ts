import type { Job, ResourceAllocation, WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { changesOf } from '../support/changes.js';
import { testHeldRows } from '../support/held-rows.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { clock, DAY, later, WRITTEN_NOW } from '../support/times.js';
import { type ClusterUnderTest, deletion, expectServerTimes, set } from '../support/under-test.js';

export function describeReleaseResourceForJob<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const done = { state: 'FAILED', startTime: ago(41 * DAY, 5), endTime: ago(40 * DAY) };
  const RELEASED = { status: 'RELEASED', releasedTime: WRITTEN_NOW };

  const finishedJobs = () => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getOldJobs(trx, 30));
  };

  const release = (jobs: readonly Job[], options?: WriteOptions<ResourceAllocation>) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.releaseResourcesForJobs(trx, jobs, options));
  };

  describe('releaseResourcesForJobs', () => {
    test('releases every unreleased allocation of the given jobs, and writes nothing else of any row', async () => {
      const allocations = [
        allocation(1, 1),
        allocation(2, 1, { status: 'RESERVED' }),
        allocation(3, 1, { status: 'RELEASED', releasedTime: ago(DAY) }),
        allocation(4, 1, { status: 'DRAINING' }),
        allocation(5, 1, { status: null }),
        allocation(6, 1, { status: 'allocated' }),
        allocation(7, 2),
        allocation(8, 3),
      ];
      await cluster.seed({ jobs: [job(1, done), job(2, done), job(3)], allocations });
      const jobs = (await finishedJobs()).filter(({ id }) => id === '1');
      expect(await changesOf(cluster, () => release(jobs))).toEqual({
        'allocations/1': RELEASED,
        'allocations/2': RELEASED,
      });
    });

    test('of jobs that its transaction has just failed, and of none that is not finished whatever was said', async () => {
      const runs = { startTime: ago(9 * DAY) };
      const allocations = [1, 2, 3].map((id) => allocation(id, id));
      await cluster.seed({ jobs: [job(1, runs), job(2, runs), job(3, runs)], allocations });
      const { repository, transaction } = cluster.store({ clock });
      const failAndRelease = () =>
        transaction(async (trx) => {
          const running = (await repository.getStuckJobs(trx, 1)).filter(({ id }) => id !== '3');
          const [first, ...others] = running;
          const failed = await repository.markJobsAsFailed(trx, first ? [first] : [], 'too long', '-2:0');
          await repository.releaseResourcesForJobs(trx, [...failed, ...others], { justFinished: true });
        });
      const changes = await changesOf(cluster, failAndRelease);
      expect(Object.keys(changes).sort()).toEqual(['allocations/1', 'jobs/1']);
      expect(changes['allocations/1']).toEqual(RELEASED);
    });

    test('returns the allocations that it released as they are now', async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [allocation(1, 1, { allocationTime: ago(DAY) })] });
      const released = await release(await finishedJobs());
      expect(released).toEqual([
        {
          id: '1',
          jobId: '1',
          status: 'RELEASED',
          allocationTime: new Date(ago(DAY)),
          releasedTime: clock.now(),
          version: expect.any(Object),
        },
      ]);
    });

    test("takes the release time from the database's clock, however wrong this process's is", async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [allocation(1, 1)] });
      const { repository, transaction } = cluster.store();
      const jobs = await finishedJobs();
      const work = () => transaction((trx) => repository.releaseResourcesForJobs(trx, jobs));
      await expectServerTimes(cluster, work, ({ allocations }) => [allocations[0]?.releasedTime]);
    });

    test.each([
      ['runs again', set('jobs', 1, { state: 'RUNNING' })],
      ['was queued again', set('jobs', 1, { state: 'PENDING', startTime: null, endTime: null })],
      ['has an unknown state', set('jobs', 1, { state: 'ARCHIVED' })],
      ['ran once more and is finished again', set('jobs', 1, { startTime: ago(0) })],
      ['started one step later', set('jobs', 1, { startTime: ago(41 * DAY, 4) })],
      ['lost its allocations', deletion('allocations', 1)],
    ])('passes over a job that, since it was read, %s', async (_what, change) => {
      await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations: [allocation(1, 1), allocation(2, 2)] });
      const jobs = await finishedJobs();
      await cluster.act(change);
      const record = recordOutcomes<ResourceAllocation>();
      expect(await changesOf(cluster, () => release(jobs, record))).toEqual({ 'allocations/2': RELEASED });
      expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
    });

    test('passes over a job that was never finished', async () => {
      await cluster.seed({ jobs: [job(1, { startTime: ago(DAY) })], allocations: [allocation(1, 1)] });
      const { repository, transaction } = cluster.store({ clock });
      const running = await transaction((trx) => repository.getStuckJobs(trx, 1));
      expect(await release(running)).toEqual([]);
    });

    test('releases what jobs hold that were failed in the same transaction', async () => {
      await cluster.seed({ jobs: [job(1, { startTime: ago(3 * DAY) })], allocations: [allocation(1, 1)] });
      const { repository, transaction } = cluster.store({ clock });
      const released = await transaction(async (trx) => {
        const failed = await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'too long');
        return repository.releaseResourcesForJobs(trx, failed);
      });
      expect(idsOf(released)).toEqual(['1']);
      expect(await cluster.read()).toMatchObject({ jobs: [{ state: 'FAILED' }], allocations: [RELEASED] });
    });

    test('releases allocations that a job got after it was read', async () => {
      await cluster.seed({ jobs: [job(1, done)] });
      const jobs = await finishedJobs();
      await cluster.seed({ allocations: [allocation(1, 1)] });
      expect(idsOf(await release(jobs))).toEqual(['1']);
    });

    testHeldRows(
      cluster,
      [
        {
          what: 'a job and an allocation of another one',
          rows: [
            ['jobs', '1'],
            ['allocations', '2'],
          ],
        },
      ],
      async () => {
        const allocations = [allocation(1, 1), allocation(2, 2), allocation(3, 2)];
        await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations });
        const jobs = await finishedJobs();
        return { run: () => release(jobs), changes: { 'allocations/3': RELEASED } };
      },
    );

    test('guards a job made by hand by the millisecond of its start', async () => {
      await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations: [allocation(1, 1), allocation(2, 2)] });
      const jobs = (await finishedJobs()).map(handMade);
      await cluster.act(set('jobs', 1, { startTime: later(done.startTime) }));
      expect(idsOf(await release(jobs))).toEqual(['2']);
    });

    test('of nothing, and of jobs that hold nothing, changes nothing', async () => {
      await cluster.seed({ jobs: [job(1, done)] });
      const record = recordOutcomes<ResourceAllocation>();
      expect(await release([], record)).toEqual([]);
      expect(await release(await finishedJobs(), record)).toEqual([]);
      expect(record.outcomes).toEqual(Array(2).fill({ changed: [], contended: [] }));
    });

    test('releases once what belongs to a job that it is given twice', async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [allocation(1, 1)] });
      const jobs = await finishedJobs();
      expect(idsOf(await release([...jobs, ...jobs]))).toEqual(['1']);
    });
  });

  describe('releaseResourceForJob', () => {
    test('does the same for one job and says whether anything was released', async () => {
      const allocations = [allocation(1, 1), allocation(2, 1), allocation(3, 2)];
      await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations });
      const { repository, transaction } = cluster.store({ clock });
      const [first] = await finishedJobs();
      if (first === undefined) throw new Error('Nothing is finished');
      const once = () => transaction((trx) => repository.releaseResourceForJob(trx, first));
      const changes = await changesOf(cluster, async () => expect([await once(), await once()]).toEqual([true, false]));
      expect(changes).toEqual({ 'allocations/1': RELEASED, 'allocations/2': RELEASED });
    });
  });
}
