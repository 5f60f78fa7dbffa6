import { describe, expect, test } from 'vitest';
import { reasons, statuses } from '../support/reports.js';
import { aService, promised, timed, withParts } from '../support/service.js';

describe('Starting and stopping', () => {
  test('are done once, however often they are asked for', async () => {
    const { time, create } = await aService();
    const { turns, strategy } = timed('a', time);
    const runner = create({ strategies: [strategy], claims: 'off' });
    await runner.stop();
    await Promise.all([runner.start(), runner.start()]);
    await runner.start();
    expect(runner.status().state).toBe('running');
    await time.pass(1);
    await Promise.all([runner.stop(), runner.stop()]);
    await runner.stop();
    expect(runner.status()).toMatchObject({ state: 'idle', strategies: [{ nextRunAt: null }] });
    await time.pass(100);
    expect(turns).toEqual([0]);
    expect(time.sleeping).toBe(0);
  });

  test('can be done again', async () => {
    const { time, create } = await aService();
    const { turns, strategy } = timed('a', time);
    const runner = create({ strategies: [strategy], claims: 'off' });
    for (let round = 0; round < 3; round++) {
      await runner.start();
      await time.pass(1);
      await runner.stop();
    }
    expect(turns).toEqual([0, 1, 2]);
  });

  test('go by the last that was asked for', async () => {
    const { create, time } = await aService();
    const runner = create({ strategies: [timed('a', time).strategy] });
    await Promise.all([runner.start(), runner.stop(), runner.start(), runner.stop()]);
    expect(runner.status().state).toBe('idle');
    await Promise.all([runner.start(), runner.stop(), runner.start()]);
    expect(runner.status().state).toBe('running');
    await runner.stop();
    expect(time.sleeping).toBe(0);
  });
});

describe('A stop', () => {
  test('lets the batch in hand finish and commit, and begins no other', async () => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const { strategy } = timed('a', time, { due: 3, onCleanup: () => kept });
    const runner = create({ strategies: [strategy], batchRows: 1 });
    await runner.start();
    await time.settle();
    const stopped = runner.stop();
    await time.pass(10);
    expect(runner.status()).toMatchObject({ state: 'stopping', strategies: [{ isRunning: true }] });
    keep();
    await stopped;
    expect(runner.status().strategies[0]?.last?.pass).toMatchObject({ stopReason: 'aborted', itemsCleaned: 1 });
  });

  test('aborts it when the grace time is over', async () => {
    const { time, create, store } = await aService();
    const { kept, keep } = promised();
    const { strategy } = timed('a', time, { due: 3, onCleanup: () => kept });
    const runner = create({ strategies: [strategy], graceSeconds: 5 });
    await runner.start();
    await time.settle();
    const stopped = runner.stop();
    await time.pass(6);
    keep();
    await stopped;
    expect(runner.status().strategies[0]?.last?.pass).toMatchObject({ stopReason: 'aborted', itemsCleaned: 0 });
    expect((await store.claims.list())[0]).toMatchObject({ holder: null });
    expect(time.sleeping).toBe(0);
  });

  test('with less grace makes one that is under way shorter', async () => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const runner = create({ strategies: [timed('a', time, { due: 3, onCleanup: () => kept }).strategy] });
    await runner.start();
    await time.settle();
    const stopped = Promise.all([runner.stop(), runner.stop({ graceSeconds: 0 })]);
    keep();
    await stopped;
    expect(runner.status().strategies[0]?.last?.pass).toMatchObject({ itemsCleaned: 0 });
    expect(time.sleeping).toBe(0);
  });

  test('waits for a round that runs beside, and ends it', async () => {
    const { time, create } = await aService();
    const { kept, keep } = promised();
    const strategies = [timed('a', time, { onTurn: () => kept }).strategy, timed('b', time).strategy];
    const runner = create({ strategies });
    const round = runner.runOnce();
    await time.settle();
    const stopped = runner.stop();
    expect(statuses(await runner.runOnce())).toEqual({ a: 'aborted', b: 'aborted' });
    keep();
    await stopped;
    expect(reasons(await round).b).toBe('The runner was stopped before its turn');
    expect(statuses(await runner.runOnce())).toEqual({ a: 'skipped', b: 'skipped' });
  });

  test('leaves behind what does not end after its abort, and says so', async () => {
    const { time, create, logger } = await aService();
    const never = new Promise<never>(() => undefined);
    const { strategy } = timed('a', time, { due: 3, onCleanup: () => never });
    const runner = create({ strategies: [strategy], graceSeconds: 5 });
    await runner.start();
    await time.settle();
    const stopped = runner.stop();
    await time.pass(15);
    await stopped;
    expect(runner.status()).toMatchObject({ state: 'idle', strategies: [{ isRunning: true }] });
    expect(logger.lines).toContain(
      'warn Stopped without an answer of the database: what was asked of it has not ended',
    );
    expect(time.sleeping).toBe(0);
  });

  test('of a grace that is none is refused', async () => {
    const { create } = await aService();
    await expect(create().stop({ graceSeconds: -1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

test.each([35, 605])(
  'A turn that runs longer than its timeout, the grace time and a deadline of %i s together is overdue',
  async (deadlineSeconds) => {
    const { time, create, store } = await aService();
    const never = new Promise<never>(() => undefined);
    const { strategy } = timed('a', time, { due: 3, onCleanup: () => never });
    const runner = create({ store: withParts(store, { deadlineSeconds }), strategies: [strategy], graceSeconds: 5 });
    await runner.start();
    await time.settle();
    const since = time.now();
    const atMostSeconds = strategy.metadata.timeoutSeconds + 5 + deadlineSeconds;
    await time.pass(atMostSeconds);
    expect(runner.status().strategies[0]).toMatchObject({ isRunning: true, runningSince: since, isOverdue: false });
    await time.pass(1);
    expect(runner.status().strategies[0]).toMatchObject({ runningSince: since, isOverdue: true });
  },
);
