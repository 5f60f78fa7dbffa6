import { type CleanupStore, JobsweepError } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';
import { describe, expect, test } from 'vitest';
import { aService, timed, withParts } from '../support/service.js';

const SECRET = 'postgres://jobsweep:hunter2@db';

/** The store on a database that can be unplugged. */
function unpluggable(store: CleanupStore<MemorySession>) {
  const plug = { isOut: false, asked: 0 };
  const orLost = <Arguments extends unknown[], Result>(ask: (...given: Arguments) => Promise<Result>) => {
    return async (...given: Arguments) => {
      plug.asked += 1;
      if (!plug.isOut) return ask(...given);
      const cause = Object.assign(new Error(`connect ${SECRET}`), { code: 'ECONNREFUSED' });
      throw new JobsweepError('CONNECTION_LOST', `Lost ${SECRET}`, { cause });
    };
  };
  const { claims, inspect, journal, ownTables } = store;
  const plugged = withParts(store, {
    claims: { ...claims, acquire: orLost(claims.acquire), release: orLost(claims.release) },
    inspect: { ...inspect, server: orLost(inspect.server), schema: orLost(inspect.schema) },
    journal: { ...journal, append: orLost(journal.append), prune: orLost(journal.prune) },
    ownTables: { ...ownTables, state: orLost(ownTables.state) },
  });
  return { plug, store: plugged };
}

const notDebug = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('debug'));

describe('A database that cannot be reached', () => {
  test('when it starts does not stop a runner from starting', async () => {
    const { time, create, store, logger } = await aService();
    const { plug, store: plugged } = unpluggable(store);
    const { turns, strategy } = timed('a', time);
    const runner = create({ store: plugged, strategies: [strategy] });
    const reason = 'The database cannot be reached (CONNECTION_LOST, ECONNREFUSED)';
    plug.isOut = true;
    await runner.start();
    expect(runner.status()).toMatchObject({ state: 'running', isReady: false, notReadyReason: reason });
    await time.pass(100);
    expect(turns).toEqual([]);
    plug.isOut = false;
    await time.pass(30);
    expect(turns.length).toBeGreaterThan(0);
    expect(runner.status()).toMatchObject({ isReady: true, notReadyReason: null, isCoordinated: true });
    await runner.stop();
    expect(notDebug(logger.lines)).toEqual([
      `error ${reason}: asking again until it answers`,
      expect.stringMatching(/^info The database answers again, after 1\d\d s$/),
    ]);
  });

  test('is asked again, ever more seldom, down to every 8 seconds and no less', async () => {
    const { time, create, store } = await aService();
    const { plug, store: plugged } = unpluggable(store);
    const runner = create({ store: plugged, strategies: [timed('a', time).strategy] });
    plug.isOut = true;
    await runner.start();
    plug.asked = 0;
    await time.pass(10);
    expect(plug.asked).toBe(5);
    await time.pass(600);
    expect(plug.asked).toBeLessThanOrEqual(5 + 151);
    expect(plug.asked).toBeGreaterThanOrEqual(5 + 75);
    await runner.stop();
    expect(time.sleeping).toBe(0);
  });

  test('in the middle is one line when it goes and one when it comes back, and the turn is taken then', async () => {
    const { time, create, store, logger } = await aService();
    const { plug, store: plugged } = unpluggable(store);
    const often = timed('often', time, { every: 10 });
    const seldom = timed('seldom', time, { every: 100 });
    const runner = create({ store: plugged, strategies: [often.strategy, seldom.strategy] });
    const errors: (string | null)[] = [];
    runner.on('error', ({ strategy }) => void errors.push(strategy));
    await runner.start();
    await time.pass(95);
    plug.isOut = true;
    await time.pass(20);
    expect(runner.status().isReady).toBe(false);
    plug.isOut = false;
    await time.pass(25);
    await runner.stop();
    expect(seldom.turns[0]).toBe(0);
    expect(seldom.turns[1]).toBeGreaterThan(115);
    expect(seldom.turns[1]).toBeLessThan(140);
    expect(notDebug(logger.lines)).toHaveLength(2);
    expect(errors[0]).toBe('often');
  });

  test.each(['off', 'required'] as const)(
    'that a pass loses each time is not worn down by it: its turn is tried again ever more seldom, claims %s',
    async (claims) => {
      const { time, create, store } = await aService();
      const fails = new JobsweepError('CONNECTION_LOST', 'The server closed the connection.');
      const breaks = timed('breaks', time, { due: 1, fails, every: 60 });
      const waits = timed('waits', time, { dependsOn: ['breaks'], every: 60 });
      const runner = create({ store, strategies: [breaks.strategy, waits.strategy], claims });
      await runner.start();
      await time.pass(600);
      await runner.stop();
      const gaps = breaks.turns.slice(1).map((second, index) => second - (breaks.turns[index] ?? 0));
      expect(gaps.slice(0, 6)).toEqual([0.25, 0.5, 1, 2, 4, 4]);
      expect(Math.max(...gaps)).toBe(4);
      expect(waits.turns).toEqual([]);
    },
  );

  test('shows nothing of its address or its password', async () => {
    const { time, create, store, logger } = await aService();
    const { plug, store: plugged } = unpluggable(store);
    const runner = create({ store: plugged, strategies: [timed('a', time).strategy] });
    plug.isOut = true;
    await runner.start();
    await time.pass(5);
    await runner.stop();
    expect(`${logger.lines.join()}${runner.status().notReadyReason}`).not.toContain('hunter2');
  });

  test('shows no password in what it says of a turn that failed otherwise', async () => {
    const { time, create, logger } = await aService();
    const fails = new JobsweepError('DATABASE_ERROR', `cannot write to ${SECRET}`);
    const runner = create({ strategies: [timed('a', time, { due: 1, fails }).strategy] });
    const { strategies } = await runner.runOnce();
    expect(strategies[0]?.reason).toBe('cannot write to postgres://jobsweep:***@db');
    expect(logger.lines.join()).not.toContain('hunter2');
  });

  test('is waited for no longer once the runner is stopped', async () => {
    const { time, create, store } = await aService();
    const { plug, store: plugged } = unpluggable(store);
    const runner = create({ store: plugged, strategies: [timed('a', time).strategy] });
    plug.isOut = true;
    await runner.start();
    await runner.stop();
    expect(runner.status().state).toBe('idle');
    expect(time.sleeping).toBe(0);
  });
});

describe('A mapping that does not fit', () => {
  const finding = { path: 'schema.jobs.table', problem: 'there is no table "jobs"', fix: 'Create it' };

  test('rejects a start with the list', async () => {
    const { time, create, store } = await aService();
    const inspect = { ...store.inspect, schema: async () => [finding] };
    const runner = create({ store: withParts(store, { inspect }), strategies: [timed('a', time).strategy] });
    const mismatch = expect.objectContaining({
      code: 'SCHEMA_MISMATCH',
      message: expect.stringContaining('jobs.table'),
    });
    await expect(runner.start()).rejects.toEqual(mismatch);
    expect(runner.status().state).toBe('idle');
    await runner.stop();
  });

  test('that shows only when the database comes back keeps the runner unready, and is said once', async () => {
    const { time, create, store, logger } = await aService();
    const findings = [finding];
    const { plug, store: plugged } = unpluggable(
      withParts(store, { inspect: { ...store.inspect, schema: async () => findings } }),
    );
    const { turns, strategy } = timed('a', time);
    const runner = create({ store: plugged, strategies: [strategy] });
    plug.isOut = true;
    await runner.start();
    plug.isOut = false;
    await time.pass(60);
    expect(runner.status().notReadyReason).toBe('The database answers, but nothing can run on it (SCHEMA_MISMATCH)');
    expect(logger.lines.filter((line) => line.includes('jobs.table'))).toHaveLength(1);
    findings.length = 0;
    await time.pass(60);
    expect(turns.length).toBeGreaterThan(0);
    await runner.stop();
  });
});
