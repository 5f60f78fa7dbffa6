import { invalidOption } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';
import { describe, expect, test } from 'vitest';
import type { RunnerOptions } from '../../src/index.js';
import { aService, promised, timed } from '../support/service.js';

describe('A runner that was started', () => {
  test('gives each strategy its turns on its own interval, and none before', async () => {
    const { time, create } = await aService();
    const often = timed('often', time, { every: 10 });
    const seldom = timed('seldom', time, { every: 25 });
    const runner = create({ strategies: [often.strategy, seldom.strategy] });
    await time.pass(5);
    expect([often.turns, seldom.turns]).toEqual([[], []]);
    await runner.start();
    await time.pass(55);
    await runner.stop();
    expect([often.turns, seldom.turns]).toEqual([
      [5, 15, 25, 35, 45, 55],
      [5, 30, 55],
    ]);
    expect(time.sleeping).toBe(0);
  });

  test('goes by the schedules that it was given', async () => {
    const { time, create } = await aService();
    const a = timed('a', time, { every: 5 });
    const b = timed('b', time, { every: 5 });
    const schedules = { a: { intervalSeconds: 20 }, b: { cron: '*/2 * * * *', timeZone: 'Europe/Berlin' } };
    const runner = create({ strategies: [a.strategy, b.strategy], schedules });
    expect(runner.status().strategies.map(({ schedule }) => schedule)).toEqual([
      'every 20 s',
      '*/2 * * * * (Europe/Berlin)',
    ]);
    await runner.start();
    await time.pass(250);
    await runner.stop();
    expect(a.turns.slice(0, 3)).toEqual([0, 20, 40]);
    expect(b.turns).toEqual([120, 240]);
  });

  test('goes by the time zone of a cron expression', async () => {
    const { time, create } = await aService();
    const a = timed('a', time);
    // Noon in UTC is 17:30 there.
    const schedules = { a: { cron: '31 17 * * *', timeZone: 'Asia/Kolkata' } };
    const runner = create({ strategies: [a.strategy], schedules });
    await runner.start();
    expect(runner.status().strategies[0]?.nextRunAt).toEqual(new Date('2026-03-10T12:01:00Z'));
    await time.pass(100);
    await runner.stop();
    expect(a.turns).toEqual([60]);
  });

  test('spreads the first turns over the interval, or over a minute where that is shorter', async () => {
    const { time, create } = await aService();
    time.chance = 0.5;
    const [a, b] = [timed('a', time, { every: 10 }), timed('b', time, { every: 86_400 })];
    const runner = create({ strategies: [a.strategy, b.strategy] });
    await runner.start();
    await time.pass(31);
    await runner.stop();
    expect([a.turns[0], b.turns]).toEqual([5, [30]]);
  });

  test('comes later by chance, up to the fraction that is the jitter', async () => {
    const { time, create } = await aService();
    time.chance = 0.5;
    const { turns, strategy } = timed('a', time, { every: 10 });
    const runner = create({ strategies: [strategy], jitter: 0.2 });
    await runner.start();
    await time.pass(30);
    await runner.stop();
    expect(turns).toEqual([5, 16, 27]);
  });

  test('never runs a strategy while it still runs, and asks for its next turn when it is over', async () => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const slow = timed('slow', time, { every: 10, onTurn: () => kept });
    const runner = create({ strategies: [slow.strategy] });
    await runner.start();
    await time.pass(35);
    expect(slow.turns).toEqual([0]);
    expect(runner.status().strategies[0]).toMatchObject({ isRunning: true, nextRunAt: null });
    keep();
    await time.pass(6);
    await runner.stop();
    expect(slow.turns).toEqual([0, 35]);
  });

  test('runs no more than `concurrency` at a time, and lets a slow strategy delay nobody while there is room', async () => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const slow = timed('slow', time, { priority: 1, onTurn: () => kept });
    const [quick, other] = [
      timed('quick', time, { every: 10, priority: 2 }),
      timed('other', time, { every: 10, priority: 3 }),
    ];
    const one = create({ strategies: [slow.strategy, quick.strategy], concurrency: 1 });
    await one.start();
    await time.pass(30);
    expect(quick.turns).toEqual([]);
    // Late, and seen to be: half a minute ago.
    expect(one.status().strategies[1]?.nextRunAt).toEqual(new Date('2026-03-10T12:00:00Z'));
    keep();
    await one.stop();

    quick.turns.length = 0;
    const again = promised();
    const held = timed('held', time, { priority: 1, onTurn: () => again.kept });
    const two = create({ strategies: [held.strategy, quick.strategy, other.strategy], claims: 'off' });
    await two.start();
    await time.pass(20);
    expect(quick.turns).toEqual([30, 40, 50]);
    expect(other.turns).toEqual([30, 40, 50]);
    again.keep();
    await two.stop();
  });

  test('says at info nothing when nothing happened', async () => {
    const { time, create, logger } = await aService();
    const runner = create({ strategies: [timed('a', time).strategy] });
    await runner.start();
    await time.pass(600);
    await runner.stop();
    expect(logger.lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
  });

  test('gives no turn to a strategy that is off', async () => {
    const { time, create } = await aService();
    const off = timed('off', time, { enabledByDefault: false });
    const runner = create({ strategies: [off.strategy] });
    await runner.start();
    await time.pass(200);
    expect(runner.status().strategies[0]).toMatchObject({ isEnabled: false, nextRunAt: null });
    await runner.stop();
    expect(off.turns).toEqual([]);
  });
});

describe('A runner is not made', () => {
  const wrong: [string, Partial<RunnerOptions<MemorySession>>][] = [
    ['concurrency', { concurrency: 0 }],
    ['jitter', { jitter: 1.1 }],
    ['graceSeconds', { graceSeconds: -1 }],
    ['claims', { claims: 'sometimes' as 'auto' }],
    ['termSeconds', { termSeconds: 0.5 }],
    ['historyDays', { historyDays: 0 }],
    ['changesDays', { changesDays: 0 }],
    ['changes', { changes: {} as { without: string[] } }],
    ['changes', { changes: { without: 'secret' as unknown as string[] } }],
    ['changes.without', { changes: { without: ['errorText'] } }],
    ['schedules.x', { schedules: { x: { intervalSeconds: 1 } } }],
    ['schedules.a.intervalSeconds', { schedules: { a: { intervalSeconds: 0 } } }],
    ['schedules.a.cron', { schedules: { a: { cron: 'tomorrow' } } }],
    ['schedules.a.cron', { schedules: { a: { cron: '0 0 30 2 *' } } }],
    ['schedules.a.timeZone', { schedules: { a: { cron: '0 3 * * *', timeZone: 'Europe/Atlantis' } } }],
    ['schedules.a', { schedules: { a: {} as { intervalSeconds: number } } }],
    ['breaker.maxShare', { breaker: { maxShare: 50 } }],
    ['breaker.minRows', { breaker: { minRows: 0 } }],
    ['breaker.strategies.a', { breaker: { strategies: { a: { minRows: 5 } } } }],
  ];
  test.each(wrong)('with a wrong %s: %o', async (field, options) => {
    const { time, create } = await aService();
    const make = () => create({ strategies: [timed('a', time).strategy], ...options });
    const { code } = invalidOption('', '', '');
    expect(make).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(new RegExp(`^${field.replaceAll('.', '\\.')} is `)),
      }),
    );
  });
});
