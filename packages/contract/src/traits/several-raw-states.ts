import { describe, expect, test } from 'vitest';
import type { ContractSubject } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { set, useCluster } from '../support/under-test.js';

const LONG_AGO = '2020-01-01T00:00:00.000000Z';

/** Tables where several values of a column mean one state, and some states have none. */
export function describeSeveralRawStates<Session extends object>(subject: ContractSubject<Session>): void {
  describe('with several values for one state', () => {
    const cluster = useCluster(subject, {
      schema: {
        jobs: { states: { RUNNING: ['R', 'CG'], COMPLETED: ['CD', 'OK'], FAILED: ['F', 'NF', 'OOM'] } },
        allocations: {
          statuses: { RESERVED: ['new', 'held'], ALLOCATED: 'used', RELEASED: ['free', 'gone'] },
        },
      },
    });
    const started = { startTime: LONG_AGO };
    const done = { state: 'OK', endTime: LONG_AGO };

    test('match all of them, and are written the first', async () => {
      const states = ['R', 'CG', 'PENDING', 'CD', 'F', 'r', null];
      await cluster.seed({ jobs: states.map((state, index) => job(index + 1, { state, ...started })) });
      const { repository, transaction } = cluster.store();
      const changes = await changesOf(cluster, async () => {
        const jobs = await transaction((session) => repository.getStuckJobs(session, 48));
        expect(idsOf(jobs)).toEqual(['1', '2']);
        await transaction((session) => repository.markJobsAsFailed(session, jobs, 'x'));
      });
      expect(changes).toMatchObject({ 'jobs/1': { state: 'FAILED' }, 'jobs/2': { state: 'FAILED' } });
      expect(Object.keys(changes)).toHaveLength(2);
    });

    test('guard a row by the very value that it was read with', async () => {
      await cluster.seed({ jobs: [job(1, { state: 'R', ...started })] });
      const { repository, transaction } = cluster.store();
      const jobs = await transaction((session) => repository.getStuckJobs(session, 48));
      await cluster.act(set('jobs', 1, { state: 'CG' }));
      expect(await transaction((session) => repository.markJobsAsFailed(session, jobs, 'x'))).toEqual([]);
    });

    test('release all that is not released, and never a value that nobody mapped', async () => {
      const statuses = ['new', 'held', 'used', 'free', 'gone', 'released', 'NEW', null];
      const allocations = statuses.map((status, index) => allocation(index + 1, 1, { status }));
      await cluster.seed({ jobs: [job(1, { state: 'OOM', endTime: LONG_AGO })], allocations });
      const { repository, transaction } = cluster.store();
      const changes = await changesOf(cluster, async () => {
        const rows = await transaction((session) => repository.getCompletedJobsWithUnreleasedResources(session));
        expect(idsOf(rows)).toEqual(['1', '2', '3']);
        await transaction((session) => repository.releaseResourcesForCompletedJobs(session, rows));
      });
      expect(Object.values(changes)).toEqual(Array(3).fill(expect.objectContaining({ status: 'RELEASED' })));
    });

    test('delete with a job whatever means RELEASED, and keep a job that holds anything else', async () => {
      const allocations = ['free', 'gone', 'left'].map((status, index) =>
        allocation(index + 1, status === 'left' ? 2 : 1, { status }),
      );
      await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations });
      const { repository, transaction } = cluster.store();
      const jobs = await transaction((session) => repository.getOldJobs(session, 30));
      const remove = () => transaction((session) => repository.deleteJobsBatch(session, jobs));
      expect(Object.keys(await changesOf(cluster, remove))).toEqual(['jobs/1', 'allocations/1', 'allocations/2']);
    });

    test('match nothing by a state that they do not have', async () => {
      await cluster.seed({ jobs: [job(1, { state: 'CANCELLED', endTime: LONG_AGO })] });
      const { repository, transaction } = cluster.store();
      expect(await transaction((session) => repository.getOldJobs(session, 30))).toEqual([]);
    });
  });
}
