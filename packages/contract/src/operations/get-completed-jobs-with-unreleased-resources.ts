import type { AllocationWithJob, GetOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { describePages } from '../support/paging.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { DAY, HOUR } from '../support/times.js';
import { type ClusterUnderTest, set } from '../support/under-test.js';

export function describeGetCompletedJobsWithUnreleasedResources<Session extends object>(
  cluster: ClusterUnderTest<Session>,
): void {
  const { ago } = cluster;

  const unreleased = (options?: GetOptions<AllocationWithJob>) => {
    const { repository, transaction } = cluster.store();
    return transaction((trx) => repository.getCompletedJobsWithUnreleasedResources(trx, options));
  };

  describe('getCompletedJobsWithUnreleasedResources', () => {
    test('returns an allocation that is not released together with its finished job', async () => {
      const ended = { state: 'FAILED', startTime: ago(DAY), endTime: ago(HOUR), errorMsg: 'oom', exitCode: '137:9' };
      const allocations = [allocation(1, 7, { allocationTime: ago(DAY) })];
      await cluster.seed({ jobs: [job(7, ended)], allocations });
      expect(await unreleased()).toEqual([
        {
          id: '1',
          jobId: '7',
          status: 'ALLOCATED',
          allocationTime: new Date(ago(DAY)),
          releasedTime: null,
          version: expect.any(Object),
          job: {
            id: '7',
            name: 'job-7',
            state: 'FAILED',
            startTime: new Date(ago(DAY)),
            endTime: new Date(ago(HOUR)),
            errorMsg: 'oom',
            exitCode: '137:9',
            version: expect.any(Object),
          },
        },
      ]);
    });

    test.each(['COMPLETED', 'FAILED', 'CANCELLED'])(
      'matches RESERVED and ALLOCATED of a job that is %s',
      async (state) => {
        const allocations = [allocation(1, 1, { status: 'RESERVED' }), allocation(2, 1, { status: 'ALLOCATED' })];
        await cluster.seed({ jobs: [job(1, { state })], allocations });
        expect(await unreleased()).toMatchObject([
          { id: '1', status: 'RESERVED', job: { state } },
          { id: '2', status: 'ALLOCATED', job: { state } },
        ]);
      },
    );

    test.each(['PENDING', 'RUNNING', 'completed', 'COMPLETED ', 'ARCHIVED', ''])(
      'passes over a job whose state is "%s"',
      async (state) => {
        await cluster.seed({ jobs: [job(1, { state })], allocations: [allocation(1, 1)] });
        expect(await unreleased()).toEqual([]);
      },
    );

    test.each(['RELEASED', 'released', 'allocated', 'DRAINING', '', null])(
      'passes over an allocation whose status is %j',
      async (status) => {
        await cluster.seed({ jobs: [job(1, { state: 'COMPLETED' })], allocations: [allocation(1, 1, { status })] });
        expect(await unreleased()).toEqual([]);
      },
    );

    test('passes over an allocation of no job', async () => {
      await cluster.seed({ allocations: [{ id: '1', status: 'ALLOCATED' }] });
      expect(await unreleased()).toEqual([]);
    });

    test('returns only what is due of a job with several allocations, and nothing of its neighbours', async () => {
      const jobs = [job(1, { state: 'COMPLETED' }), job(2)];
      const allocations = [
        allocation(1, 1, { status: 'RELEASED' }),
        allocation(2, 1),
        allocation(3, 1, { status: 'DRAINING' }),
        allocation(4, 1, { status: 'RESERVED' }),
        allocation(5, 2),
      ];
      await cluster.seed({ jobs, allocations });
      expect(idsOf(await unreleased())).toEqual(['2', '4']);
    });

    test('has no age limit: times that are NULL hide nothing', async () => {
      await cluster.seed({ jobs: [job(1, { state: 'COMPLETED' })], allocations: [allocation(1, 1)] });
      expect(await unreleased()).toMatchObject([{ allocationTime: null, job: { startTime: null, endTime: null } }]);
    });

    test('is ordered by allocation id, whatever the times say', async () => {
      const allocations = [3, 1, 2].map((id) => allocation(id, 1, { allocationTime: ago(id * HOUR) }));
      await cluster.seed({ jobs: [job(1, { state: 'COMPLETED' })], allocations });
      expect(idsOf(await unreleased())).toEqual(['1', '2', '3']);
    });

    describePages<AllocationWithJob>({
      seedDue: (ids) =>
        cluster.seed({
          jobs: [job(1, { state: 'COMPLETED' })],
          allocations: ids.map((id) => allocation(id, 1)),
        }),
      read: unreleased,
      settle: async (id) => {
        await cluster.act(set('allocations', Number(id), { status: 'RELEASED' }));
      },
    });
  });
}
