import { createStrategies, StuckJobCleanupStrategy } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import type { Knex } from 'knex';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createRunner } from '../../src/index.js';
import { useCluster } from '../support/cluster.js';
import { aStrategy, fakeStore, recordingLogger } from '../support/fakes.js';
import { statuses } from '../support/reports.js';

const cluster = useCluster();

describe('A dry run on PostgreSQL', () => {
  beforeEach(() => cluster.damage());

  test('writes nothing, announces nothing, and tells nobody of repairs', async () => {
    const before = await cluster.everything();
    const logger = recordingLogger();
    const onRepaired = vi.fn();
    const onBatch = vi.fn();
    const runner = createRunner({ store: knexStore(cluster.knex), logger, onRepaired, onBatch });

    await runner.runOnce({ dryRun: true, only: runner.strategies.map(({ name }) => name) });

    expect(await cluster.everything()).toEqual(before);
    expect(logger.lines).toEqual([]);
    expect(onRepaired).not.toHaveBeenCalled();
    expect(onBatch).not.toHaveBeenCalled();
  });

  test('counts what each pass would find now, and describes the first ten rows', async () => {
    const store = knexStore(cluster.knex);
    const strategies = createStrategies(store, { old_job_cleanup: { enabled: true } });
    const report = await createRunner({ store, strategies }).runOnce({ dryRun: true });

    expect(report).toMatchObject({ dryRun: true, ok: true });
    const plans = report.strategies.map(({ name, status, plan }) => [name, status, plan?.due, plan?.samples.length]);
    expect(plans).toEqual([
      ['completed_job_cleanup', 'planned', 3, 3],
      ['stale_reservation_cleanup', 'planned', 2, 2],
      ['stuck_job_cleanup', 'planned', 14, 10],
      ['old_job_cleanup', 'planned', 1, 1],
      ['orphaned_allocation_cleanup', 'disabled', undefined, undefined],
    ]);
    for (const { pass } of report.strategies) expect(pass).toBeUndefined();
    const dueSince = expect.any(Date) as Date;
    expect(report.strategies[0]?.plan).toEqual({
      due: 3,
      capped: false,
      samples: [
        { id: '1', description: 'Job 1 is COMPLETED and still holds allocation 1', dueSince },
        { id: '2', description: 'Job 2 is FAILED and still holds allocation 2', dueSince },
        { id: '3', description: 'Job 3 is CANCELLED and still holds allocation 3', dueSince },
      ],
    });
    expect(report.strategies[2]?.plan?.samples[0]).toEqual({ id: '24', description: 'Stuck job 24 (stuck)', dueSince });
  });

  test('finds just what the real round then repairs', async () => {
    const store = knexStore(cluster.knex);
    const runner = createRunner({ store });
    const planned = await runner.runOnce({ dryRun: true });
    const done = await runner.runOnce();
    const due = planned.strategies.map(({ plan }) => plan?.due);
    expect(due).toEqual([3, 2, 14, undefined, undefined]);
    expect(done.strategies.map(({ pass }) => pass?.itemsCleaned)).toEqual(due);
    expect(statuses(await runner.runOnce())).toMatchObject({
      ...{ completed_job_cleanup: 'skipped', stale_reservation_cleanup: 'skipped', stuck_job_cleanup: 'skipped' },
    });
  });

  test('refuses a strategy that writes where it should only look', async () => {
    class Meddler extends StuckJobCleanupStrategy<Knex.Transaction> {
      override async find(session: Knex.Transaction) {
        await session('jobs').update({ name: 'meddled' });
        return [];
      }
    }
    const before = await cluster.everything();
    const store = knexStore(cluster.knex);
    const meddler = new Meddler(store.repository);
    const strategies = [...createStrategies(store).filter(({ name }) => name !== meddler.name), meddler];
    const report = await createRunner({ store, strategies }).runOnce({ dryRun: true });

    expect(statuses(report)).toMatchObject({ completed_job_cleanup: 'planned', stuck_job_cleanup: 'failed' });
    expect(report.strategies.find(({ name }) => name === meddler.name)?.reason).toMatch(/read-only transaction/);
    expect(await cluster.everything()).toEqual(before);
  });
});

describe('A dry run', () => {
  test('stops counting at ten thousand, and says so', async () => {
    const { store, transactions } = fakeStore();
    const runner = createRunner({ store, strategies: [aStrategy('a', { due: 10_001 })] });
    const report = await runner.runOnce({ dryRun: true });
    expect(report.strategies[0]?.plan).toMatchObject({ due: 10_000, capped: true });
    expect(new Set(transactions.map(({ readOnly }) => readOnly))).toEqual(new Set([true]));
  });

  test('does not ask strategies that are off, and blocks those that depend on a plan that failed', async () => {
    const { store } = fakeStore();
    const failing = { ...aStrategy('a'), find: () => Promise.reject(new Error('no such table')) };
    const strategies = [failing, aStrategy('b', { dependsOn: ['a'] }), aStrategy('c', { enabled: false })];
    const report = await createRunner({ store, strategies }).runOnce({ dryRun: true });
    expect(statuses(report)).toEqual({ a: 'failed', b: 'blocked', c: 'disabled' });
    expect(report.strategies[0]).toMatchObject({ reason: 'no such table' });
    expect(report.ok).toBe(false);
  });
});
