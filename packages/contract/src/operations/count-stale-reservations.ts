import type { CountOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../cluster.js';
import { allocation, job } from '../support/rows.js';
import { siblings } from '../support/siblings.js';
import { clock, HOUR, MINUTE } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

export function describeCountStaleReservations<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const countStale = (options?: CountOptions, maxAgeMinutes = 10) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.countStaleReservations(trx, maxAgeMinutes, options));
  };

  const reserved = (seconds: number, micros = 0): Columns => ({
    status: 'RESERVED',
    allocationTime: ago(seconds, micros),
  });

  describe('countStaleReservations', () => {
    test('is 0 on empty tables', async () => {
      expect(await countStale()).toBe(0);
    });

    test('counts allocations, not jobs', async () => {
      const allocations = [1, 2, 3].map((id) => allocation(id, 1, reserved(id * HOUR)));
      await cluster.seed({ jobs: [job(1)], allocations });
      expect(await countStale()).toBe(3);
    });

    test.each(['ALLOCATED', 'RELEASED', 'reserved', 'DRAINING', null])(
      'leaves out an allocation whose status is %j',
      async (status) => {
        await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, { ...reserved(HOUR), status })] });
        expect(await countStale()).toBe(0);
      },
    );

    test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'running', 'SUSPENDED'])(
      'leaves out a reservation whose job is %s',
      async (state) => {
        await cluster.seed({ jobs: [job(1, { state })], allocations: [allocation(1, 1, reserved(HOUR))] });
        expect(await countStale()).toBe(0);
      },
    );

    test.each([
      ['counts a reservation one step past the limit', 1, 1],
      ['leaves out a reservation exactly at the limit', 0, 0],
      ['leaves out a reservation one step within the limit', -1, 0],
    ])('%s', async (_what, steps, expected) => {
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, reserved(10 * MINUTE, steps))] });
      expect(await countStale()).toBe(expected);
    });

    test('leaves out reservations without a time', async () => {
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, { status: 'RESERVED' })] });
      expect(await countStale()).toBe(0);
    });

    test.each(siblings(ago).live)('leaves out a reservation whose sibling $name', async ({ row }) => {
      const allocations = [allocation(1, 1, reserved(HOUR)), allocation(2, 1, row), allocation(3, 2, reserved(HOUR))];
      await cluster.seed({ jobs: [job(1), job(2)], allocations });
      expect(await countStale()).toBe(1);
    });

    test.each(siblings(ago).dead)('counts a reservation whose sibling $name', async ({ row }) => {
      const sibling = allocation(2, 1, row);
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, reserved(HOUR)), sibling] });
      expect(await countStale()).toBe(row.status === 'RESERVED' ? 2 : 1);
    });

    test.each([
      { atMost: 1, expected: 1 },
      { atMost: 3, expected: 3 },
      { atMost: 4, expected: 3 },
    ])('of 3 rows, at most $atMost, is $expected', async ({ atMost, expected }) => {
      const allocations = [1, 2, 3].map((id) => allocation(id, id, reserved(HOUR)));
      await cluster.seed({ jobs: [job(1), job(2), job(3)], allocations });
      expect(await countStale({ atMost })).toBe(expected);
    });
  });
}
