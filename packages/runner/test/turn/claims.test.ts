import { describe, expect, test } from 'vitest';
import type { StrategyReport } from '../../src/index.js';
import { reasons, statuses } from '../support/reports.js';
import { aService, promised, timed, withParts } from '../support/service.js';

describe('Several runners on one database', () => {
  test('share one pass for each interval', async () => {
    const { time, create } = await aService();
    time.chance = 0.25;
    const one = timed('a', time, { every: 10 });
    const other = timed('a', time, { every: 10 });
    const runners = [create({ strategies: [one.strategy] }), create({ strategies: [other.strategy], jitter: 0.3 })];
    await runners[0]?.start();
    await time.pass(3);
    await runners[1]?.start();
    await time.pass(197);
    await Promise.all(runners.map((runner) => runner.stop()));
    const all = [...one.turns, ...other.turns].sort((a, b) => a - b);
    expect(all.length).toBeGreaterThanOrEqual(18);
    for (const [index, at] of all.entries())
      if (index > 0) expect(at - (all[index - 1] ?? 0)).toBeGreaterThanOrEqual(10);
  });

  test('do so though the clock of one host is five minutes off', async () => {
    const { time, create } = await aService();
    const one = timed('a', time);
    const other = timed('a', time);
    const schedules = { a: { cron: '*/5 * * * *' } };
    const right = create({ strategies: [one.strategy], schedules });
    const wrongTime = Object.assign(Object.create(time) as typeof time, {
      now: () => new Date(time.now().getTime() + 300_000),
    });
    const wrong = create({ strategies: [other.strategy], schedules, timing: wrongTime });
    await Promise.all([right.start(), wrong.start()]);
    expect(Math.round(wrong.status().clockSkewSeconds ?? 0)).toBe(300);
    expect(right.status().clockSkewSeconds).toBe(0);
    await time.pass(1000);
    await Promise.all([right.stop(), wrong.stop()]);
    expect([...one.turns, ...other.turns]).toEqual([300, 600, 900]);
  });

  test('take a changed interval at once', async () => {
    const { time, create } = await aService();
    const seldom = timed('a', time, { every: 3600 });
    const before = create({ strategies: [seldom.strategy] });
    await before.start();
    await time.pass(1);
    await before.stop();
    const often = timed('a', time, { every: 30 });
    const after = create({ strategies: [often.strategy] });
    await after.start();
    await time.pass(31);
    await after.stop();
    expect([seldom.turns, often.turns]).toEqual([[0], [30]]);
  });

  test('keep a turn through pauses that are longer than its term', async () => {
    const { time, create } = await aService();
    const slow = timed('slow', time, { due: 3, onCleanup: async () => time.sleep(10_000, undefined) });
    const runner = create({ strategies: [slow.strategy], batchRows: 2, pauseFraction: 3.5, termSeconds: 30 });
    const round = runner.runOnce();
    await time.pass(120);
    expect((await round).strategies[0]?.pass).toMatchObject({ stopReason: 'drained', itemsCleaned: 3 });
  });

  test('take over the turn of one that is gone when its claim lapses, and say so', async () => {
    const { time, create, store, logger } = await aService();
    await store.claims.acquire({ strategy: 'a', holder: 'gone', termSeconds: 60 });
    const { turns, strategy } = timed('a', time, { every: 3600 });
    const runner = create({ strategies: [strategy] });
    const claims: unknown[] = [];
    runner.on('pass:start', ({ claim }) => void claims.push(claim));
    await runner.start();
    await time.pass(61);
    await runner.stop();
    expect(turns).toEqual([60]);
    expect(claims).toEqual([{ lapsed: 'gone' }]);
    expect(logger.lines).toEqual(['warn [a] Took over the turn of gone, which never gave it back']);
  });

  test('ask for a turn that another one has no more than once a second', async () => {
    const { time, create, store } = await aService();
    const asked: number[] = [];
    const held = withParts(store, {
      claims: {
        ...store.claims,
        acquire: async () => {
          asked.push(time.ms / 1000);
          return { outcome: 'held' as const, holder: 'elsewhere', freeInSeconds: 0, now: time.now() };
        },
      },
    });
    const runner = create({ store: held, strategies: [timed('a', time).strategy] });
    await runner.start();
    await time.pass(3.5);
    await runner.stop();
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  test('give a turn back when they are stopped in it, so that nobody waits for its term', async () => {
    const { time, create, store } = await aService();
    const { kept, keep } = promised();
    const runner = create({ strategies: [timed('a', time, { onTurn: () => kept }).strategy] });
    await runner.start();
    await time.settle();
    expect((await store.claims.list())[0]?.holder).toBe(runner.status().holder);
    const stopped = runner.stop();
    keep();
    await stopped;
    expect((await store.claims.list())[0]).toMatchObject({ holder: null, isLapsed: false });
  });
});

describe('A turn that a stop cut short', () => {
  const nightly = { schedules: { a: { cron: '5 12 * * *' } } };

  test.each([
    ['an interval', 1, {}],
    ['a cron expression', 301, nightly],
  ])('is gone on with by another runner that waits for it, however long %s is', async (_what, begunBy, options) => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const one = timed('a', time, { every: 86_400, due: 3, onTurn: () => kept });
    const other = timed('a', time, { every: 86_400, due: 3 });
    const runners = [one, other].map(({ strategy }) => create({ strategies: [strategy], ...options }));
    await runners[0]?.start();
    // So that it is the first to ask.
    await time.settle();
    await runners[1]?.start();
    await time.pass(begunBy);
    const stopped = runners[0]?.stop();
    keep();
    await stopped;
    expect(other.turns).toEqual([]);
    await time.pass(62);
    expect([one.turns.length, other.turns.length]).toEqual([1, 1]);
    await time.pass(3600);
    await runners[1]?.stop();
    expect(other.turns).toHaveLength(1);
  });

  test('is gone on with by a runner that starts later, within a minute', async () => {
    const { time, create } = await aService();
    time.chance = 0.5;
    const { kept, keep } = promised();
    const one = timed('a', time, { due: 3, onTurn: () => kept });
    const other = timed('a', time, { due: 3 });
    const before = create({ strategies: [one.strategy], ...nightly });
    await before.start();
    await time.pass(301);
    const stopped = before.stop();
    keep();
    await stopped;
    await time.pass(600);

    const after = create({ strategies: [other.strategy], ...nightly });
    await after.start();
    await time.pass(3600);
    await after.stop();
    expect([one.turns, other.turns]).toEqual([[300], [931]]);
  });

  test.each([
    ['timeout', { timeoutSeconds: 10 }],
    ['rowBudget', { maxRowsPerPass: 2 }],
  ])('but not one that ended by its %s: the rest waits for the next one', async (stopReason, bounds) => {
    const { time, create, store } = await aService();
    const onCleanup = () => time.sleep(11_000, undefined);
    const { turns, strategy } = timed('a', time, { every: 100, due: 3, ...bounds, onCleanup });
    const options = { strategies: [strategy], batchRows: 2, pauseFraction: 0, ...bounds };
    const runners = [create(options), create(options)];
    for (const runner of runners) await runner.start();
    await time.pass(99);
    expect(turns).toEqual([0]);
    expect(await store.journal.read()).toMatchObject([{ stopReason, itemsCleaned: 2 }]);
    await time.pass(20);
    expect(turns).toEqual([0, 100]);
    await Promise.all(runners.map((runner) => runner.stop()));
  });

  test('is no turn of a strategy that finished and is not due', async () => {
    const { time, create } = await aService();
    const one = timed('a', time);
    const before = create({ strategies: [one.strategy], ...nightly });
    await before.start();
    await time.pass(301);
    await before.stop();
    const after = create({ strategies: [one.strategy], ...nightly });
    await after.start();
    await time.pass(3600);
    await after.stop();
    expect(one.turns).toEqual([300]);
  });
});

test('A runner that starts goes on with a turn that lapsed, though its cron expression comes true much later', async () => {
  const { time, create, store } = await aService();
  await store.claims.acquire({ strategy: 'a', holder: 'gone', termSeconds: 60 });
  await time.pass(600);
  const { turns, strategy } = timed('a', time);
  const runner = create({ strategies: [strategy], schedules: { a: { cron: '0 3 * * *' } } });
  await runner.start();
  await time.pass(60);
  await runner.stop();
  expect(turns).toEqual([600]);
});

describe('A claim that is lost', () => {
  test('is no failure: the other runner goes on', async () => {
    const { time, create, store } = await aService();
    const onCleanup = async () => {
      time.ms += 61_000;
      await store.claims.acquire({ strategy: 'a', holder: 'elsewhere', termSeconds: 60 });
    };
    const { strategy } = timed('a', time, { due: 3, timeoutSeconds: 3600, onTurn: onCleanup });
    const runner = create({ strategies: [strategy] });
    const report = await runner.runOnce();
    expect(report.ok).toBe(true);
    expect(report.strategies[0]).toMatchObject({ status: 'done', pass: { stopReason: 'claimLost', itemsCleaned: 0 } });
    expect((await store.claims.list())[0]?.holder).toBe('elsewhere');
  });
});

describe('A single round', () => {
  test('claims as well, however short ago the last turn was, and says when another one has it', async () => {
    const { time, create, store } = await aService();
    const { turns, strategy } = timed('a', time);
    const runner = create({ strategies: [strategy] });
    await runner.runOnce();
    await runner.runOnce();
    expect(turns).toEqual([0, 0]);
    await store.claims.acquire({ strategy: 'a', holder: 'elsewhere', termSeconds: 60 });
    const report = await runner.runOnce();
    expect(statuses(report)).toEqual({ a: 'claimed' });
    expect(reasons(report)).toEqual({ a: 'elsewhere has its turn' });
    expect(report.ok).toBe(true);
  });

  test('finds claimed what its own runner is in the middle of', async () => {
    const { time, create } = await aService({ ownTables: false });
    const { kept, keep } = promised();
    const { turns, strategy } = timed('a', time, { onTurn: () => kept });
    const runner = create({ strategies: [strategy] });
    const first = runner.runOnce();
    await time.settle();
    expect(statuses(await runner.runOnce())).toEqual({ a: 'claimed' });
    keep();
    expect(statuses(await first)).toEqual({ a: 'skipped' });
    expect(turns).toHaveLength(1);
  });

  test('claims nothing when it only looks', async () => {
    const { time, create, store } = await aService();
    await create({ strategies: [timed('a', time).strategy] }).runOnce({ dryRun: true });
    expect(await store.claims.list()).toEqual([]);
  });
});

test('what another runner did is not the last turn of this one', async () => {
  const { time, create, store } = await aService();
  await store.claims.acquire({ strategy: 'a', holder: 'elsewhere', termSeconds: 60 });
  const runner = create({ strategies: [timed('a', time).strategy] });
  const ends: StrategyReport[] = [];
  runner.on('pass:end', ({ report }) => void ends.push(report));
  await runner.runOnce();
  expect(ends).toMatchObject([{ status: 'claimed' }]);
  expect(runner.status().strategies[0]?.last).toBeNull();
});
