import type { AllocationWithJob, GetOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { describePages } from '../support/paging.js';
import { allocation, idsOf, job, type SeedRow, seed } from '../support/rows.js';
import { DEAD_SIBLINGS, LIVE_SIBLINGS } from '../support/siblings.js';
import { ago, clock, HOUR, MINUTE } from '../support/times.js';

const cluster = useCluster();

const staleReservations = (options?: GetOptions<AllocationWithJob>, maxAgeMinutes = 10) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getStaleReservations(trx, maxAgeMinutes, options));
};

const reserved = (seconds: number, micros = 0): SeedRow => ({
  status: 'RESERVED',
  allocation_time: ago(seconds, micros),
});

describe('getStaleReservations', () => {
  test('returns a reservation past the limit together with its job', async () => {
    const jobs = [job(7, { start_time: ago(2 * HOUR) })];
    await seed(cluster.sql, { jobs, allocations: [allocation(1, 7, reserved(HOUR))] });
    expect(await staleReservations()).toEqual([
      {
        id: '1',
        jobId: '7',
        status: 'RESERVED',
        allocationTime: new Date(ago(HOUR)),
        releasedTime: null,
        version: expect.any(Object),
        job: {
          id: '7',
          name: 'job-7',
          state: 'RUNNING',
          startTime: new Date(ago(2 * HOUR)),
          endTime: null,
          errorMsg: null,
          exitCode: null,
          version: expect.any(Object),
        },
      },
    ]);
  });

  test.each(['ALLOCATED', 'RELEASED', 'reserved', 'RESERVED ', 'DRAINING', '', null])(
    'passes over an allocation whose status is %j',
    async (status) => {
      const allocations = [allocation(1, 1, { ...reserved(HOUR), status })];
      await seed(cluster.sql, { jobs: [job(1)], allocations });
      expect(await staleReservations()).toEqual([]);
    },
  );

  test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'running', 'SUSPENDED'])(
    'passes over a reservation whose job is %s',
    async (state) => {
      await seed(cluster.sql, { jobs: [job(1, { state })], allocations: [allocation(1, 1, reserved(HOUR))] });
      expect(await staleReservations()).toEqual([]);
    },
  );

  test('matches a reservation one microsecond past the limit, and none exactly at it', async () => {
    const allocations = [
      allocation(1, 1, reserved(10 * MINUTE, 1)),
      allocation(2, 2, reserved(10 * MINUTE)),
      allocation(3, 3, reserved(10 * MINUTE, -1)),
      allocation(4, 4, reserved(9 * MINUTE)),
      allocation(5, 5, reserved(-HOUR)),
      allocation(6, 6, { status: 'RESERVED' }),
    ];
    await seed(cluster.sql, { jobs: [1, 2, 3, 4, 5, 6].map((id) => job(id)), allocations });
    expect(idsOf(await staleReservations())).toEqual(['1']);
  });

  test('looks at the age of the reservation, not of the job', async () => {
    const jobs = [job(1, { start_time: ago(100 * HOUR) }), job(2, { start_time: ago(0) })];
    const allocations = [allocation(1, 1, reserved(MINUTE)), allocation(2, 2, reserved(11 * MINUTE))];
    await seed(cluster.sql, { jobs, allocations });
    expect(idsOf(await staleReservations())).toEqual(['2']);
  });

  test('takes the limit it is given', async () => {
    const allocations = [allocation(1, 1, reserved(90, 1)), allocation(2, 2, reserved(90))];
    await seed(cluster.sql, { jobs: [job(1), job(2)], allocations });
    expect(idsOf(await staleReservations({}, 1.5))).toEqual(['1']);
  });

  test.each(LIVE_SIBLINGS)('passes over a reservation whose sibling $name', async ({ row }) => {
    const allocations = [allocation(1, 1, reserved(HOUR)), allocation(2, 1, row), allocation(3, 2, reserved(HOUR))];
    await seed(cluster.sql, { jobs: [job(1), job(2)], allocations });
    expect(idsOf(await staleReservations())).toEqual(['3']);
  });

  test.each(DEAD_SIBLINGS)('matches a reservation whose sibling $name', async ({ row }) => {
    await seed(cluster.sql, { jobs: [job(1)], allocations: [allocation(1, 1, reserved(HOUR)), allocation(2, 1, row)] });
    expect(idsOf(await staleReservations())).toContain('1');
  });

  test('returns the oldest first, all of a job that are stale', async () => {
    const allocations = [
      allocation(1, 1, reserved(2 * HOUR)),
      allocation(2, 2, reserved(4 * HOUR)),
      allocation(3, 1, reserved(3 * HOUR)),
    ];
    await seed(cluster.sql, { jobs: [job(1), job(2)], allocations });
    expect(idsOf(await staleReservations())).toEqual(['2', '3', '1']);
  });

  describePages<AllocationWithJob>({
    seedDue: (ids) =>
      seed(cluster.sql, {
        jobs: ids.map((id) => job(id)),
        allocations: ids.map((id) => allocation(id, id, reserved(HOUR))),
      }),
    read: staleReservations,
    settle: async (id) => {
      await cluster.sql.query("update resource_allocations set status = 'ALLOCATED' where id = $1", [id]);
    },
  });
});
