import { USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { allocation, job } from '../support/rows.js';
import type { ClusterUnderTest } from '../support/under-test.js';

/** What the subject says of itself, which decides what the suite asks of it, is what the store says. */
export function describeCapabilities<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { transactions, skipsLocked, readFence, mapping } = cluster.capabilities;

  describe('the store', () => {
    test('says of itself what the suite was told', () => {
      expect(cluster.store().capabilities).toMatchObject({ transactions, skipsLocked, readFence });
    });

    test('says how long it waits for an answer', () => {
      const { deadlineSeconds } = cluster.store();
      expect(deadlineSeconds).toBeGreaterThan(0);
      expect(deadlineSeconds).toBeLessThan(Number.POSITIVE_INFINITY);
    });

    test(`offers ${mapping === false ? 'no mapping, and refuses one' : 'all strategies'}`, () => {
      if (mapping === false) {
        const open = () => cluster.store({ schema: { jobs: { table: 'tasks' } } });
        expect(open).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      } else {
        expect(cluster.store().capabilities.strategies).toEqual(USUAL_STRATEGY_NAMES);
      }
    });

    test('finds nothing wrong with the tables of the suite', async () => {
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1)] });
      expect(await cluster.store().inspect.schema()).toEqual([]);
    });
  });
}
