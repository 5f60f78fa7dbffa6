import { describe, expect, test } from 'vitest';
import { statuses } from '../support/reports.js';
import { aService, timed } from '../support/service.js';

const by = { by: 'ada@host-1', host: 'host-1' };

describe('A paused strategy', () => {
  test('has no turns, on any runner, and the others have theirs', async () => {
    const { time, store, create } = await aService();
    const [a, b] = [timed('a', time), timed('b', time, { dependsOn: ['a'] })];
    await store.claims.pause({ strategy: 'a', ...by });
    const report = await create({ strategies: [a.strategy, b.strategy] }).runOnce();
    expect(statuses(report)).toEqual({ a: 'paused', b: 'skipped' });
    expect(report).toMatchObject({ ok: true, strategies: [{ reason: 'Paused by ada@host-1' }, {}] });
    expect([a.turns, b.turns]).toEqual([[], [0]]);
  });

  test('says until when', async () => {
    const { time, store, create } = await aService();
    await store.claims.pause({ strategy: 'a', ...by, forSeconds: 7200 });
    const { strategies } = await create({ strategies: [timed('a', time).strategy] }).runOnce();
    expect(strategies[0]?.reason).toBe('Paused by ada@host-1 until 2026-03-10 14:00:00 UTC');
  });

  test('has its turn within a minute after it was resumed, however long its interval', async () => {
    const { time, store, create } = await aService();
    const { turns, strategy } = timed('a', time, { every: 86_400 });
    await store.claims.pause({ strategy: 'a', ...by });
    const runner = create({ strategies: [strategy] });
    await runner.start();
    await time.pass(600);
    expect(turns).toEqual([]);
    expect(runner.status().strategies[0]?.last).toMatchObject({ status: 'paused' });
    await store.claims.resume({ strategy: 'a', ...by });
    await time.pass(60);
    await runner.stop();
    expect(turns).toHaveLength(1);
  });

  test('goes on by itself when its time is over', async () => {
    const { time, store, create } = await aService();
    const { turns, strategy } = timed('a', time, { every: 86_400 });
    await store.claims.pause({ strategy: 'a', ...by, forSeconds: 90 });
    const runner = create({ strategies: [strategy] });
    await runner.start();
    await time.pass(95);
    await runner.stop();
    expect(turns).toEqual([90]);
  });
});
