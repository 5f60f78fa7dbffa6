import type { AllocationWithJob, GetOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../cluster.js';
import { describePages } from '../support/paging.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { siblings } from '../support/siblings.js';
import { clock, HOUR, MINUTE } from '../support/times.js';
import { type ClusterUnderTest, set } from '../support/under-test.js';

export function describeGetStaleReservations<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const staleReservations = (options?: GetOptions<AllocationWithJob>, maxAgeMinutes = 10) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getStaleReservations(trx, maxAgeMinutes, options));
  };

  const reserved = (seconds: number, micros = 0): Columns => ({
    status: 'RESERVED',
    allocationTime: ago(seconds, micros),
  });

  describe('getStaleReservations', () => {
    test('returns a reservation past the limit together with its job', async () => {
      const jobs = [job(7, { startTime: ago(2 * HOUR) })];
      await cluster.seed({ jobs, allocations: [allocation(1, 7, reserved(HOUR))] });
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
        await cluster.seed({ jobs: [job(1)], allocations });
        expect(await staleReservations()).toEqual([]);
      },
    );

    test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'running', 'SUSPENDED'])(
      'passes over a reservation whose job is %s',
      async (state) => {
        await cluster.seed({ jobs: [job(1, { state })], allocations: [allocation(1, 1, reserved(HOUR))] });
        expect(await staleReservations()).toEqual([]);
      },
    );

    test('matches a reservation one step past the limit, and none exactly at it', async () => {
      const allocations = [
        allocation(1, 1, reserved(10 * MINUTE, 1)),
        allocation(2, 2, reserved(10 * MINUTE)),
        allocation(3, 3, reserved(10 * MINUTE, -1)),
        allocation(4, 4, reserved(9 * MINUTE)),
        allocation(5, 5, reserved(-HOUR)),
        allocation(6, 6, { status: 'RESERVED' }),
      ];
      await cluster.seed({ jobs: [1, 2, 3, 4, 5, 6].map((id) => job(id)), allocations });
      expect(idsOf(await staleReservations())).toEqual(['1']);
    });

    test('looks at the age of the reservation, not of the job', async () => {
      const jobs = [job(1, { startTime: ago(100 * HOUR) }), job(2, { startTime: ago(0) })];
      const allocations = [allocation(1, 1, reserved(MINUTE)), allocation(2, 2, reserved(11 * MINUTE))];
      await cluster.seed({ jobs, allocations });
      expect(idsOf(await staleReservations())).toEqual(['2']);
    });

    test('takes the limit it is given', async () => {
      const allocations = [allocation(1, 1, reserved(90, 1)), allocation(2, 2, reserved(90))];
      await cluster.seed({ jobs: [job(1), job(2)], allocations });
      expect(idsOf(await staleReservations({}, 1.5))).toEqual(['1']);
    });

    test.each(siblings(ago).live)('passes over a reservation whose sibling $name', async ({ row }) => {
      const allocations = [allocation(1, 1, reserved(HOUR)), allocation(2, 1, row), allocation(3, 2, reserved(HOUR))];
      await cluster.seed({ jobs: [job(1), job(2)], allocations });
      expect(idsOf(await staleReservations())).toEqual(['3']);
    });

    test.each(siblings(ago).dead)('matches a reservation whose sibling $name', async ({ row }) => {
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, reserved(HOUR)), allocation(2, 1, row)] });
      expect(idsOf(await staleReservations())).toContain('1');
    });

    test('returns the oldest first, all of a job that are stale', async () => {
      const allocations = [
        allocation(1, 1, reserved(2 * HOUR)),
        allocation(2, 2, reserved(4 * HOUR)),
        allocation(3, 1, reserved(3 * HOUR)),
      ];
      await cluster.seed({ jobs: [job(1), job(2)], allocations });
      expect(idsOf(await staleReservations())).toEqual(['2', '3', '1']);
    });

    describePages<AllocationWithJob>({
      seedDue: (ids, stepsApart = 0) =>
        cluster.seed({
          jobs: ids.map((id) => job(id)),
          allocations: ids.map((id, index) => allocation(id, id, reserved(HOUR, -index * stepsApart))),
        }),
      read: staleReservations,
      settle: async (id) => {
        await cluster.act(set('allocations', Number(id), { status: 'ALLOCATED' }));
      },
    });
  });
}
