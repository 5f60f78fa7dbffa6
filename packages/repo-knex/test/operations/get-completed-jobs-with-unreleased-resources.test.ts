import type { AllocationWithJob, GetOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { describePages } from '../support/paging.js';
import { allocation, idsOf, job, seed } from '../support/rows.js';
import { ago, DAY, HOUR } from '../support/times.js';

const cluster = useCluster();

const unreleased = (options?: GetOptions<AllocationWithJob>) => {
  const { repository, transaction } = cluster.store();
  return transaction((trx) => repository.getCompletedJobsWithUnreleasedResources(trx, options));
};

describe('getCompletedJobsWithUnreleasedResources', () => {
  test('returns an allocation that is not released together with its finished job', async () => {
    const ended = { state: 'FAILED', start_time: ago(DAY), end_time: ago(HOUR), error_msg: 'oom', exit_code: '137:9' };
    const allocations = [allocation(1, 7, { allocation_time: ago(DAY) })];
    await seed(cluster.sql, { jobs: [job(7, ended)], allocations });
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
      await seed(cluster.sql, { jobs: [job(1, { state })], allocations });
      expect(await unreleased()).toMatchObject([
        { id: '1', status: 'RESERVED', job: { state } },
        { id: '2', status: 'ALLOCATED', job: { state } },
      ]);
    },
  );

  test.each(['PENDING', 'RUNNING', 'completed', 'COMPLETED ', 'ARCHIVED', ''])(
    'passes over a job whose state is "%s"',
    async (state) => {
      await seed(cluster.sql, { jobs: [job(1, { state })], allocations: [allocation(1, 1)] });
      expect(await unreleased()).toEqual([]);
    },
  );

  test.each(['RELEASED', 'released', 'allocated', 'DRAINING', '', null])(
    'passes over an allocation whose status is %j',
    async (status) => {
      await seed(cluster.sql, { jobs: [job(1, { state: 'COMPLETED' })], allocations: [allocation(1, 1, { status })] });
      expect(await unreleased()).toEqual([]);
    },
  );

  test('passes over an allocation of no job', async () => {
    await seed(cluster.sql, { allocations: [{ id: 1, status: 'ALLOCATED' }] });
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
    await seed(cluster.sql, { jobs, allocations });
    expect(idsOf(await unreleased())).toEqual(['2', '4']);
  });

  test('has no age limit: times that are NULL hide nothing', async () => {
    await seed(cluster.sql, { jobs: [job(1, { state: 'COMPLETED' })], allocations: [allocation(1, 1)] });
    expect(await unreleased()).toMatchObject([{ allocationTime: null, job: { startTime: null, endTime: null } }]);
  });

  test('is ordered by allocation id, whatever the times say', async () => {
    const allocations = [3, 1, 2].map((id) => allocation(id, 1, { allocation_time: ago(id * HOUR) }));
    await seed(cluster.sql, { jobs: [job(1, { state: 'COMPLETED' })], allocations });
    expect(idsOf(await unreleased())).toEqual(['1', '2', '3']);
  });

  describePages<AllocationWithJob>({
    seedDue: (ids) =>
      seed(cluster.sql, {
        jobs: [job(1, { state: 'COMPLETED' })],
        allocations: ids.map((id) => allocation(id, 1)),
      }),
    read: unreleased,
    settle: async (id) => {
      await cluster.sql.query("update resource_allocations set status = 'RELEASED' where id = $1", [id]);
    },
  });
});
