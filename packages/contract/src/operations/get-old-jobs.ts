import type { GetOldJobsOptions, Job } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../cluster.js';
import { describePages } from '../support/paging.js';
import { allocation, idsOf, job, upTo } from '../support/rows.js';
import { clock, DAY } from '../support/times.js';
import { type ClusterUnderTest, deletion } from '../support/under-test.js';

export function describeGetOldJobs<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const oldJobs = (options?: GetOldJobsOptions, maxAgeDays = 30) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getOldJobs(trx, maxAgeDays, options));
  };

  const ended = (seconds: number, micros = 0, state = 'COMPLETED'): Columns => ({
    state,
    endTime: ago(seconds, micros),
  });

  describe('getOldJobs', () => {
    test('returns finished jobs past the limit with all that the port knows of them', async () => {
      const row = { ...ended(31 * DAY), startTime: ago(32 * DAY), errorMsg: 'none', exitCode: '0:0' };
      await cluster.seed({ jobs: [job(1, row)] });
      expect(await oldJobs()).toEqual([
        {
          id: '1',
          name: 'job-1',
          state: 'COMPLETED',
          startTime: new Date(ago(32 * DAY)),
          endTime: new Date(ago(31 * DAY)),
          errorMsg: 'none',
          exitCode: '0:0',
          version: expect.any(Object),
        },
      ]);
    });

    test.each(['COMPLETED', 'FAILED', 'CANCELLED'])('matches a job that is %s', async (state) => {
      await cluster.seed({ jobs: [job(1, ended(31 * DAY, 0, state))] });
      expect(await oldJobs()).toMatchObject([{ id: '1', state }]);
    });

    test.each(['PENDING', 'RUNNING', 'ARCHIVED', 'completed', 'COMPLETED ', ''])(
      'passes over a job whose state is "%s"',
      async (state) => {
        await cluster.seed({ jobs: [job(1, ended(400 * DAY, 0, state))] });
        expect(await oldJobs()).toEqual([]);
      },
    );

    test('matches a job one step past the limit, and none exactly at it', async () => {
      const jobs = [
        job(1, ended(30 * DAY, 1)),
        job(2, ended(30 * DAY)),
        job(3, ended(30 * DAY, -1)),
        job(4, ended(29 * DAY)),
      ];
      await cluster.seed({ jobs });
      expect(idsOf(await oldJobs())).toEqual(['1']);
    });

    test('takes the limit it is given', async () => {
      await cluster.seed({ jobs: [job(1, ended(1.5 * DAY, 1)), job(2, ended(1.5 * DAY))] });
      expect(idsOf(await oldJobs({}, 1.5))).toEqual(['1']);
    });

    test('passes over a job without an end, however long ago it started', async () => {
      await cluster.seed({ jobs: [job(1, { state: 'COMPLETED', startTime: ago(400 * DAY) })] });
      expect(await oldJobs()).toEqual([]);
    });

    test('passes over a job that ended in the future', async () => {
      await cluster.seed({ jobs: [job(1, ended(-400 * DAY))] });
      expect(await oldJobs()).toEqual([]);
    });

    test('returns each job once, whatever it holds', async () => {
      const allocations = [
        allocation(1, 1, { status: 'RELEASED' }),
        allocation(2, 1, { status: 'RELEASED' }),
        allocation(3, 1),
      ];
      await cluster.seed({ jobs: [job(1, ended(31 * DAY))], allocations });
      expect(idsOf(await oldJobs())).toEqual(['1']);
    });

    test('leaves out jobs that still hold something where only those are asked for that can be deleted', async () => {
      const statuses = ['RELEASED', 'ALLOCATED', 'RESERVED', 'DRAINING'];
      await cluster.seed({
        jobs: upTo(5).map((id) => job(id, ended((40 - id) * DAY))),
        allocations: statuses.map((status, index) => allocation(index + 1, index + 1, { status })),
      });
      expect(idsOf(await oldJobs({ deletableOnly: true }))).toEqual(['1', '5']);
      expect(idsOf(await oldJobs({ deletableOnly: true, limit: 1 }))).toEqual(['1']);
    });

    test('returns the ones that ended first first', async () => {
      await cluster.seed({ jobs: [job(1, ended(40 * DAY)), job(2, ended(60 * DAY)), job(3, ended(50 * DAY))] });
      expect(idsOf(await oldJobs())).toEqual(['2', '3', '1']);
    });

    describePages<Job>({
      seedDue: (ids, stepsApart = 0) =>
        cluster.seed({ jobs: ids.map((id, index) => job(id, ended(31 * DAY, -index * stepsApart))) }),
      read: oldJobs,
      settle: async (id) => {
        await cluster.act(deletion('jobs', Number(id)));
      },
    });
  });
}
