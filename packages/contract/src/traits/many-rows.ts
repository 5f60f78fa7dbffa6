import type { CleanupRepository, Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job, upTo } from '../support/rows.js';
import { clock, DAY, HOUR } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

type Read<Session> = (
  repository: CleanupRepository<Session>,
  session: Session,
) => Promise<readonly { readonly id: string }[]>;

/** More rows than an operation reads, locks or writes at once, which nobody has to know. */
export function describeManyRows<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const old = { state: 'COMPLETED', startTime: ago(50 * DAY), endTime: ago(40 * DAY) };
  const released = (id: number, jobId: number): Columns => allocation(id, jobId, { status: 'RELEASED' });

  const inTransaction = <Result>(
    work: (repository: CleanupRepository<Session>, session: Session) => Promise<Result>,
  ) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((session) => work(repository, session));
  };
  const oldJobs = () => inTransaction((repository, session) => repository.getOldJobs(session, 30));
  const remove = (jobs: readonly Job[], options?: ReturnType<typeof recordOutcomes<Job>>) =>
    inTransaction((repository, session) => repository.deleteJobsBatch(session, jobs, options));

  describe('of many rows', () => {
    const dueJobs: Readonly<Record<string, readonly [Columns, Read<Session>]>> = {
      getOldJobs: [old, (repository, session) => repository.getOldJobs(session, 30)],
      getStuckJobs: [
        { state: 'RUNNING', startTime: ago(50 * HOUR) },
        (repository, session) => repository.getStuckJobs(session, 48),
      ],
    };
    test.each(Object.entries(dueJobs))('%s returns all when no limit is given', async (_name, [columns, read]) => {
      const ids = upTo(2001);
      await cluster.seed({ jobs: ids.map((id) => job(id, columns)) });
      expect(idsOf(await inTransaction(read))).toEqual(ids.map(String));
    });

    const dueAllocations: Readonly<Record<string, readonly [Columns, Columns, Read<Session>]>> = {
      getCompletedJobsWithUnreleasedResources: [
        old,
        {},
        (repository, session) => repository.getCompletedJobsWithUnreleasedResources(session),
      ],
      getStaleReservations: [
        { state: 'RUNNING' },
        { status: 'RESERVED', allocationTime: ago(HOUR) },
        (repository, session) => repository.getStaleReservations(session, 10),
      ],
    };
    test.each(Object.entries(dueAllocations))(
      '%s returns all when no limit is given',
      async (_name, [ofJob, columns, read]) => {
        const ids = upTo(2001);
        await cluster.seed({
          jobs: ids.map((id) => job(id, ofJob)),
          allocations: ids.map((id) => allocation(id, id, columns)),
        });
        expect(idsOf(await inTransaction(read))).toEqual(ids.map(String));
      },
    );

    test('deleteJobsBatch deletes a job with more than 5000 released allocations, and none of its neighbours', async () => {
      await cluster.seed({ jobs: [job(1, old), job(2)] });
      await cluster.seed({ allocations: upTo(5003).map((id) => released(id, id <= 5001 ? 1 : 2)) });
      expect(await remove(await oldJobs())).toBe(1);
      expect(idsOf((await cluster.read()).allocations)).toEqual(['5002', '5003']);
    });

    test('deleteJobsBatch keeps a job whose only unreleased allocation comes after 5000 released ones', async () => {
      await cluster.seed({ jobs: [job(1, old)] });
      const status = (id: number) => (id === 5001 ? 'DRAINING' : 'RELEASED');
      await cluster.seed({ allocations: upTo(5001).map((id) => allocation(id, 1, { status: status(id) })) });
      const jobs = await oldJobs();
      expect(await changesOf(cluster, async () => expect(await remove(jobs)).toBe(0))).toEqual({});
    });

    test('deleteJobsBatch deletes more than 5000 jobs', async () => {
      await cluster.seed({ jobs: upTo(5001).map((id) => job(id, old)) });
      const record = recordOutcomes<Job>();
      expect(await remove(await oldJobs(), record)).toBe(5001);
      expect(record.outcomes).toHaveLength(1);
      expect((await cluster.read()).jobs).toEqual([]);
    });

    test('releaseResourcesForJobs releases more than 5000 allocations of one job', async () => {
      await cluster.seed({ jobs: [job(1, old)] });
      await cluster.seed({ allocations: upTo(5001).map((id) => allocation(id, 1)) });
      const jobs = await oldJobs();
      const freed = await inTransaction((repository, session) => repository.releaseResourcesForJobs(session, jobs));
      expect(freed).toHaveLength(5001);
      const { allocations } = await cluster.read();
      expect(allocations.filter(({ status }) => status !== 'RELEASED')).toEqual([]);
    });
  });
}
