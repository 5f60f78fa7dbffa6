import type { CountOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { allocation, job } from '../support/rows.js';
import { DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

export function describeCountCompletedJobsWithUnreleasedResources<Session extends object>(
  cluster: ClusterUnderTest<Session>,
): void {
  const { ago } = cluster;

  const countUnreleased = (options?: CountOptions) => {
    const { repository, transaction } = cluster.store();
    return transaction((trx) => repository.countCompletedJobsWithUnreleasedResources(trx, options));
  };

  describe('countCompletedJobsWithUnreleasedResources', () => {
    test('is 0 on empty tables', async () => {
      expect(await countUnreleased()).toBe(0);
    });

    test('counts allocations, not jobs', async () => {
      const jobs = [job(1, { state: 'COMPLETED' }), job(2, { state: 'FAILED' })];
      const allocations = [1, 2, 3].map((id) => allocation(id, 1));
      await cluster.seed({ jobs, allocations: [...allocations, allocation(4, 2)] });
      expect(await countUnreleased()).toBe(4);
    });

    test.each([
      { state: 'PENDING', expected: 0 },
      { state: 'RUNNING', expected: 0 },
      { state: 'COMPLETED', expected: 2 },
      { state: 'FAILED', expected: 2 },
      { state: 'CANCELLED', expected: 2 },
      { state: 'completed', expected: 0 },
      { state: 'COMPLETED ', expected: 0 },
      { state: 'ARCHIVED', expected: 0 },
      { state: '', expected: 0 },
    ])('counts $expected of a job whose state is "$state"', async ({ state, expected }) => {
      const allocations = [allocation(1, 1), allocation(2, 1, { status: 'RESERVED' })];
      await cluster.seed({ jobs: [job(1, { state })], allocations });
      expect(await countUnreleased()).toBe(expected);
    });

    test.each(['RELEASED', 'released', 'allocated', 'DRAINING', '', null])(
      'leaves out an allocation whose status is %j',
      async (status) => {
        await cluster.seed({ jobs: [job(1, { state: 'FAILED' })], allocations: [allocation(1, 1, { status })] });
        expect(await countUnreleased()).toBe(0);
      },
    );

    test('leaves out an allocation of no job', async () => {
      await cluster.seed({ allocations: [{ id: '1', status: 'ALLOCATED' }] });
      expect(await countUnreleased()).toBe(0);
    });

    test('has no age limit: times of any kind and none count', async () => {
      const jobs = [
        job(1, { state: 'COMPLETED' }),
        job(2, { state: 'COMPLETED', endTime: ago(0) }),
        job(3, { state: 'COMPLETED', endTime: ago(-DAY) }),
        job(4, { state: 'COMPLETED', endTime: ago(400 * DAY) }),
      ];
      const allocations = [
        allocation(1, 1),
        allocation(2, 2, { allocationTime: ago(-DAY) }),
        allocation(3, 3, { allocationTime: ago(0) }),
        allocation(4, 4, { allocationTime: ago(400 * DAY), releasedTime: ago(DAY) }),
      ];
      await cluster.seed({ jobs, allocations });
      expect(await countUnreleased()).toBe(4);
    });

    test.each([
      { atMost: 1, expected: 1 },
      { atMost: 3, expected: 3 },
      { atMost: 4, expected: 3 },
    ])('of 3 rows, at most $atMost, is $expected', async ({ atMost, expected }) => {
      const allocations = [1, 2, 3].map((id) => allocation(id, 1));
      await cluster.seed({ jobs: [job(1, { state: 'COMPLETED' })], allocations });
      expect(await countUnreleased({ atMost })).toBe(expected);
    });
  });
}
