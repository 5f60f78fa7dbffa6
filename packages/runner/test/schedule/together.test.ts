import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { aService, promised, timed } from '../support/service.js';

const broken = new JobsweepError('DATABASE_ERROR', 'The disk is full.');

describe('Strategies that are due together', () => {
  test('begin in the order of their dependencies, whoever has the higher priority', async () => {
    const { time, create } = await aService();
    const order: string[] = [];
    const note = (name: string, options = {}) =>
      timed(name, time, { ...options, onTurn: () => void order.push(name) }).strategy;
    const strategies = [
      note('last', { priority: 1, dependsOn: ['middle'] }),
      note('middle', { priority: 2, dependsOn: ['first'] }),
      note('first', { priority: 3 }),
    ];
    const runner = create({ strategies });
    await runner.start();
    await time.pass(61);
    await runner.stop();
    expect(order).toEqual(['first', 'middle', 'last', 'first', 'middle', 'last']);
  });

  test('wait for a dependency that still runs, though there is room', async () => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const base = timed('base', time, { onTurn: () => kept });
    const next = timed('next', time, { dependsOn: ['base'] });
    const runner = create({ strategies: [base.strategy, next.strategy] });
    await runner.start();
    await time.pass(10);
    expect(next.turns).toEqual([]);
    keep();
    await time.settle();
    expect(next.turns).toEqual([10]);
    await runner.stop();
  });

  test('are not starved by a dependency that is due again as soon as it ends', async () => {
    const { time, create } = await aService();
    const base = timed('base', time, { every: 5, onTurn: () => time.sleep(6000, undefined) });
    const next = timed('next', time, { every: 20, dependsOn: ['base'] });
    const runner = create({ strategies: [base.strategy, next.strategy], concurrency: 1, claims: 'off' });
    await runner.start();
    await time.pass(65);
    expect(next.turns.length).toBeGreaterThanOrEqual(3);
    const stopped = runner.stop();
    await time.pass(10);
    await stopped;
  });

  test('are blocked by a failure, which says so, and run again when it is gone', async () => {
    const { time, create, logger } = await aService();
    const failure: { error?: Error } = { error: broken };
    const onTurn = () => {
      if (failure.error) throw failure.error;
    };
    const base = timed('base', time, { onTurn });
    const middle = timed('middle', time, { dependsOn: ['base'] });
    const top = timed('top', time, { dependsOn: ['middle'] });
    const runner = create({ strategies: [base.strategy, middle.strategy, top.strategy] });
    await runner.start();
    await time.pass(1);
    expect([middle.turns, top.turns]).toEqual([[], []]);
    expect(runner.status().strategies.map(({ last }) => last?.status)).toEqual(['failed', 'blocked', 'blocked']);
    expect(logger.lines).toEqual([
      'error [base] Failed: The disk is full.',
      'warn [middle] Skipped: base, which it depends on, failed in this round',
      'warn [top] Skipped: middle, which it depends on, blocked in this round',
    ]);
    delete failure.error;
    await time.pass(60);
    await runner.stop();
    expect([middle.turns, top.turns]).toEqual([[60], [60]]);
  });

  test('do not mind a dependency that failed before they were due', async () => {
    const { time, create } = await aService();
    const base = timed('base', time, { every: 7, onTurn: () => Promise.reject(broken) });
    const next = timed('next', time, { every: 10, dependsOn: ['base'] });
    const runner = create({ strategies: [base.strategy, next.strategy] });
    await runner.start();
    await time.pass(12);
    await runner.stop();
    expect(next.turns).toEqual([10]);
  });

  test('do not mind a dependency that another runner has', async () => {
    const { time, create, store } = await aService();
    await store.claims.acquire({ strategy: 'base', holder: 'elsewhere', termSeconds: 600 });
    const [base, next] = [timed('base', time), timed('next', time, { dependsOn: ['base'] })];
    const runner = create({ strategies: [base.strategy, next.strategy] });
    await runner.start();
    await time.pass(1);
    await runner.stop();
    expect([base.turns, next.turns]).toEqual([[], [0]]);
  });
});
