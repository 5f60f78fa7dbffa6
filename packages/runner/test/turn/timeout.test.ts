import { createStrategies, StuckJobCleanupStrategy } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import type { Knex } from 'knex';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { aStrategy, fakeStore } from '../support/fakes.js';

const cluster = useCluster();

describe('A strategy whose timeoutSeconds are over', () => {
  test('ends its pass, keeps what it did, and lets the next one run', async () => {
    const { store } = fakeStore();
    let repaired = 0;
    // Never done: the rows that it repairs are due again.
    const endless = {
      ...aStrategy('endless', { timeoutSeconds: 0.05 }),
      find: async () => [{ id: '1' }],
      cleanup: async () => {
        repaired += 1;
        return { itemsCleaned: 1, found: [{ id: '1' }], changed: [{ id: '1' }], contended: [] };
      },
    };
    const strategies = [endless, aStrategy('next', { dependsOn: ['endless'] })];
    const report = await createRunner({ store, strategies, batchRows: 1, pauseFraction: 0 }).runOnce();

    expect(report.strategies).toMatchObject([
      { name: 'endless', status: 'done', pass: { stopReason: 'timeout', itemsCleaned: repaired } },
      { name: 'next', status: 'done', pass: { stopReason: 'drained', itemsCleaned: 1 } },
    ]);
    expect(repaired).toBeGreaterThan(0);
    expect(report.ok).toBe(true);
  });

  test('passes its own limit on to every transaction', async () => {
    const { store, transactions } = fakeStore();
    const strategies = [aStrategy('a', { timeoutSeconds: 3 }), aStrategy('b', { timeoutSeconds: 7 })];
    await createRunner({ store, strategies }).runOnce();
    const limits = transactions.map(({ timeoutSeconds = Number.NaN }) => Math.ceil(timeoutSeconds));
    expect(limits).toEqual([3, 3, 7, 7]);
  });

  describe('on PostgreSQL', () => {
    beforeEach(() => cluster.damage());

    test('has its statement cancelled by the server', async () => {
      class Slow extends StuckJobCleanupStrategy<Knex.Transaction> {
        override async find(session: Knex.Transaction) {
          await session.raw('select pg_sleep(60)');
          return [];
        }
      }
      const store = knexStore(cluster.knex);
      const slow = new Slow(store.repository, { timeoutSeconds: 0.2 });
      const others = createStrategies(store, { old_job_cleanup: { enabled: true } });
      const strategies = [...others.filter(({ name }) => name !== slow.name), slow];
      const report = await createRunner({ store, strategies }).runOnce();

      expect(report.strategies.map(({ name, pass }) => [name, pass?.stopReason, pass?.itemsCleaned])).toEqual([
        ['completed_job_cleanup', 'drained', 3],
        ['stale_reservation_cleanup', 'drained', 2],
        ['stuck_job_cleanup', 'timeout', 0],
        ['old_job_cleanup', 'drained', 1],
        ['orphaned_allocation_cleanup', undefined, undefined],
      ]);
      expect(report.ok).toBe(true);
    });
  });
});
