import { type CleanupStore, JobsweepError } from '@jobsweep/core';
import type { MemorySession } from '@jobsweep/core/memory';
import { describe, expect, test } from 'vitest';
import type { RunnerOptions } from '../../src/index.js';
import { readiness } from '../../src/observe/http/health.js';
import { aService, timed, withParts } from '../support/service.js';

const full = () =>
  new JobsweepError('SERVER_UNAVAILABLE', 'could not extend file "jobs": No space left on device. Make room there.', {
    cause: Object.assign(new Error('postgres://jobsweep:hunter2@db'), { code: '53100' }),
  });
const unknown = () => new JobsweepError('COMMIT_UNKNOWN', 'Lost while committing.');

const notDebug = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('debug'));

/** A strategy with one row that is due, once in an hour, whose writes fail as long as the server is broken. */
async function onBrokenServer(
  error: () => JobsweepError,
  options: Partial<RunnerOptions<MemorySession>> = {},
  storeOf: (store: CleanupStore<MemorySession>, server: { isBroken: boolean }) => CleanupStore<MemorySession> = (
    store,
  ) => store,
) {
  const service = await aService();
  const server = { isBroken: false };
  const { turns, strategy } = timed('a', service.time, {
    due: 1,
    every: 3600,
    onCleanup: () => {
      if (server.isBroken) throw error();
    },
  });
  const idle = timed('idle', service.time, { every: 5 });
  const runner = service.create({
    store: storeOf(service.store, server),
    strategies: [strategy, idle.strategy],
    ...options,
  });
  return { ...service, server, turns, idle, runner };
}

describe.each(['required', 'off'] as const)('A turn that the database could not do, claims %s', (claims) => {
  test('is not spent: it is taken at most 10 s after that can do it, and one line says each', async () => {
    const { time, server, turns, runner, logger } = await onBrokenServer(full, { claims });
    server.isBroken = true;
    await runner.start();
    await time.pass(600);
    expect(readiness(runner.status())).toEqual({
      isReady: false,
      reason: 'The database answers, and cannot do the work now (SERVER_UNAVAILABLE, 53100)',
    });
    expect(Math.max(...turns.map((second, index) => second - (turns[index - 1] ?? 0)))).toBeLessThanOrEqual(10);

    server.isBroken = false;
    const before = turns.length;
    await time.pass(10);
    expect(turns).toHaveLength(before + 1);
    expect(runner.status()).toMatchObject({ isReady: true, notReadyReason: null });
    await time.pass(3000);
    await runner.stop();
    expect(turns).toHaveLength(before + 1);
    expect(notDebug(logger.lines)).toEqual([
      expect.stringMatching(/^error The database answers, and .*\(SERVER_UNAVAILABLE, 53100\): asking again.*No space/),
      expect.stringMatching(/^info The database answers again, after 6\d\d s$/),
    ]);
    expect(logger.lines.join()).not.toContain('hunter2');
  });

  test('nor is one of which nobody knows whether it did it', async () => {
    const { time, server, turns, runner } = await onBrokenServer(unknown, { claims });
    server.isBroken = true;
    await runner.start();
    await time.pass(1);
    server.isBroken = false;
    await time.pass(10);
    await runner.stop();
    expect(turns.length).toBeGreaterThan(1);
    expect(runner.status().strategies[0]?.last).toMatchObject({ status: 'done', pass: { itemsCleaned: 1 } });
  });

  test('is spent where asking again would change nothing', async () => {
    const never = () => new JobsweepError('DATABASE_ERROR', 'Something is wrong.');
    const { time, server, turns, runner } = await onBrokenServer(never, { claims });
    server.isBroken = true;
    await runner.start();
    await time.pass(600);
    expect(runner.status().isReady).toBe(true);
    await runner.stop();
    expect(turns).toEqual([0]);
  });
});

describe('A server that answers and takes no writes', () => {
  const readOnly = (store: CleanupStore<MemorySession>, server: { isBroken: boolean }) => {
    const inspect = {
      ...store.inspect,
      server: async () => ({ ...(await store.inspect.server()), isWritable: !server.isBroken }),
    };
    return withParts(store, { inspect });
  };
  const refused = () =>
    new JobsweepError('SERVER_UNAVAILABLE', 'cannot execute UPDATE in a read-only transaction.', {
      cause: Object.assign(new Error('read-only'), { code: '25006' }),
    });

  test('is waited for when a runner starts, and no turn begins on it', async () => {
    const { time, server, turns, runner, logger } = await onBrokenServer(refused, {}, readOnly);
    server.isBroken = true;
    await runner.start();
    await time.pass(300);
    expect(turns).toEqual([]);
    const reason = 'The database answers, and cannot do the work now (SERVER_UNAVAILABLE)';
    expect(runner.status()).toMatchObject({ state: 'running', isReady: false, notReadyReason: reason });
    server.isBroken = false;
    await time.pass(10);
    expect(turns).toHaveLength(1);
    expect(runner.status().isReady).toBe(true);
    await runner.stop();
    expect(notDebug(logger.lines)).toHaveLength(2);
  });

  test('in the middle is asked until it takes writes again, and meanwhile nobody has a turn', async () => {
    const { time, server, turns, idle, runner } = await onBrokenServer(refused, {}, readOnly);
    await runner.start();
    server.isBroken = true;
    await time.pass(60);
    expect(turns).toHaveLength(1);
    const reason = 'The database answers, and cannot do the work now (SERVER_UNAVAILABLE, 25006)';
    expect(readiness(runner.status())).toEqual({ isReady: false, reason });
    const whileBroken = idle.turns.length;
    await time.pass(60);
    expect(idle.turns).toHaveLength(whileBroken);
    server.isBroken = false;
    await time.pass(10);
    expect(turns).toHaveLength(2);
    expect(runner.status().strategies[0]?.last).toMatchObject({ status: 'done' });
    await runner.stop();
  });
});

test('A single round waits for nobody: it fails', async () => {
  const { server, turns, runner } = await onBrokenServer(full);
  server.isBroken = true;
  const { ok, strategies } = await runner.runOnce();
  expect({ ok, status: strategies[0]?.status, turns: turns.length }).toEqual({ ok: false, status: 'failed', turns: 1 });
  expect(strategies[0]?.pass?.error).toMatchObject({ code: 'SERVER_UNAVAILABLE' });
});
