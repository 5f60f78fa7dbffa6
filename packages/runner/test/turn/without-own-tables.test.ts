import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { aService, timed, withParts } from '../support/service.js';

describe("Without jobsweep's own tables", () => {
  test('a runner works alone and says so once', async () => {
    const { time, create, logger } = await aService({ ownTables: false });
    const { turns, strategy } = timed('a', time);
    const runner = create({ strategies: [strategy] });
    expect(runner.status().isCoordinated).toBeNull();
    await runner.start();
    await time.pass(61);
    await runner.stop();
    await runner.start();
    await runner.stop();
    await runner.runOnce();
    expect(turns.slice(0, 2)).toEqual([0, 60]);
    expect(runner.status().isCoordinated).toBe(false);
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(
        /^warn Working alone and keeping no history: jobsweep_claims, jobsweep_history, jobsweep_changes missing/,
      ),
    ]);
  });

  test('a runner does not run beside those that may use the half of them', async () => {
    const { time, create, store } = await aService({ ownTables: false });
    const { turns, strategy } = timed('a', time);
    const state = async () => [
      { table: 'jobsweep_claims', exists: true, problem: null },
      { table: 'jobsweep_history', exists: false, problem: null },
    ];
    const parts = { ...store, ownTables: { ...store.ownTables, state } };
    const runner = create({ store: parts, strategies: [strategy] });
    const missing = expect.objectContaining({
      code: 'NOT_INITIALIZED',
      message: expect.stringMatching(/jobsweep_history missing/),
    });
    await expect(runner.start()).rejects.toEqual(missing);
    await expect(runner.runOnce()).rejects.toEqual(missing);
    expect(turns).toEqual([]);
  });

  test('a runner that requires claims does not run', async () => {
    const { time, create } = await aService({ ownTables: false });
    const runner = create({ strategies: [timed('a', time).strategy], claims: 'required' });
    const missing = expect.objectContaining({
      code: 'NOT_INITIALIZED',
      message: expect.stringMatching(/jobsweep init/),
    });
    await expect(runner.start()).rejects.toEqual(missing);
    await expect(runner.runOnce()).rejects.toEqual(missing);
    expect(runner.status().state).toBe('idle');
  });

  test('a runner that requires claims writes nothing without one, also when they went away in its round', async () => {
    const { time, create, store } = await aService();
    const gone = { ...store.ownTables, state: async () => [] };
    const missing = new JobsweepError('NOT_INITIALIZED', 'There is no table jobsweep_claims.');
    let isGone = false;
    const parts = withParts(store, {
      ownTables: { ...store.ownTables, state: (how) => (isGone ? gone : store.ownTables).state(how) },
      claims: {
        ...store.claims,
        acquire: (request) => (isGone ? Promise.reject(missing) : store.claims.acquire(request)),
      },
    });
    const second = timed('second', time, { due: 1, priority: 2 });
    const first = timed('first', time, {
      priority: 1,
      onTurn: async () => {
        isGone = true;
        await expect(runner.start()).rejects.toMatchObject({ code: 'NOT_INITIALIZED' });
      },
    });
    const runner = create({ store: parts, strategies: [first.strategy, second.strategy], claims: 'required' });
    const { strategies } = await runner.runOnce();
    expect(strategies.map(({ status }) => status)).toEqual(['skipped', 'failed']);
    expect(second.turns).toEqual([]);
  });

  test('a runner whose claims are off says nothing, and leaves existing ones alone', async () => {
    const { time, create, store, logger } = await aService();
    const runner = create({ strategies: [timed('a', time).strategy], claims: 'off' });
    await runner.runOnce();
    expect(await store.claims.list()).toEqual([]);
    expect(logger.lines).toEqual([]);
  });

  test('a start looks again whether somebody made them', async () => {
    const { time, create, store } = await aService({ ownTables: false });
    const runner = create({ strategies: [timed('a', time).strategy] });
    await runner.start();
    await runner.stop();
    await store.ownTables.create();
    await runner.start();
    expect(runner.status().isCoordinated).toBe(true);
    await runner.stop();
  });
});
