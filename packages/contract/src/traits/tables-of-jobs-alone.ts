import { createStrategies } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { ContractSubject } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { idsOf, job } from '../support/rows.js';
import { clock, DAY, HOUR, WRITTEN_NOW } from '../support/times.js';
import { useCluster } from '../support/under-test.js';

/** A queue that knows nothing of resources. */
export function describeTablesOfJobsAlone<Session extends object>(subject: ContractSubject<Session>): void {
  describe('of jobs alone', () => {
    const cluster = useCluster(subject, { schema: { allocations: null } });
    const open = () => cluster.store({ clock });

    test('offer the two strategies that need no more', () => {
      const names = ['stuck_job_cleanup', 'old_job_cleanup'];
      expect(open().capabilities.strategies).toEqual(names);
      expect(createStrategies(open()).map(({ name }) => name)).toEqual(names);
    });

    test('have no allocations to look for, and the error says what remains', async () => {
      const { repository, transaction } = open();
      const calls = [
        transaction((session) => repository.countCompletedJobsWithUnreleasedResources(session)),
        transaction((session) => repository.getCompletedJobsWithUnreleasedResources(session)),
        transaction((session) => repository.countStaleReservations(session, 10)),
        transaction((session) => repository.getStaleReservations(session, 10)),
      ];
      for (const outcome of await Promise.allSettled(calls)) {
        const reason = { code: 'UNSUPPORTED_SCHEMA', message: expect.stringMatching(/stuck_job_cleanup.*old_job/) };
        expect(outcome).toMatchObject({ status: 'rejected', reason });
      }
    });

    test('are repaired all the same', async () => {
      const old = { state: 'FAILED', endTime: cluster.ago(31 * DAY) };
      await cluster.seed({ jobs: [job(1, { startTime: cluster.ago(49 * HOUR) }), job(2, old)] });
      const { repository, transaction } = open();
      const repair = async () => {
        const failed = await transaction(async (session) =>
          repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'too long'),
        );
        expect(idsOf(failed)).toEqual(['1']);
        const released = await transaction((session) => repository.releaseResourcesForJobs(session, failed));
        expect(released).toEqual([]);
        const jobs = await transaction((session) => repository.getOldJobs(session, 30));
        expect(await transaction((session) => repository.deleteJobsBatch(session, jobs))).toBe(1);
      };
      const failed = { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'too long', exitCode: '-2:0' };
      expect(await changesOf(cluster, repair)).toEqual({ 'jobs/1': failed, 'jobs/2': 'deleted' });
    });
  });
}
