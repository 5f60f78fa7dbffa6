import { hostname } from 'node:os';
import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { aService, timed, withParts } from '../support/service.js';

describe('The history', () => {
  test('has each pass that did something, and who did it', async () => {
    const { time, create, store } = await aService();
    const { strategy } = timed('a', time, { due: 5 });
    const runner = create({ strategies: [strategy], batchRows: 2, pauseFraction: 0 });
    await runner.runOnce();
    expect(await store.journal.read()).toMatchObject([
      {
        ...{
          strategy: 'a',
          status: 'done',
          stopReason: 'drained',
          itemsCleaned: 5,
          batches: 3,
          error: null,
          note: null,
        },
        ...{ host: hostname(), holder: runner.status().holder },
      },
    ]);
  });

  test('has no pass that had nothing to do: those are counted', async () => {
    const { time, create, store } = await aService();
    const runner = create({ strategies: [timed('a', time).strategy] });
    await runner.runOnce();
    await runner.runOnce();
    expect(await store.journal.read()).toEqual([]);
    expect(await store.claims.list()).toMatchObject([{ strategy: 'a', emptyPasses: 2 }]);
  });

  test('has a pass that failed, with its error', async () => {
    const { time, create, store } = await aService();
    const fails = new JobsweepError('DATABASE_ERROR', 'The disk is full.');
    await create({ strategies: [timed('a', time, { due: 1, fails }).strategy] }).runOnce();
    const error = { code: 'DATABASE_ERROR', message: 'The disk is full.' };
    expect(await store.journal.read()).toMatchObject([{ status: 'failed', stopReason: 'failed', error }]);
  });

  test('that cannot be written is logged and told, and fails no pass', async () => {
    const { time, create, store, logger } = await aService();
    const full = new JobsweepError('DATABASE_ERROR', 'No space left.');
    const claims: typeof store.claims = {
      ...store.claims,
      release: (claim, { entry, ...outcome }) =>
        entry === undefined ? store.claims.release(claim, outcome) : Promise.reject(full),
    };
    const runner = create({
      store: withParts(store, { claims }),
      strategies: [timed('a', time, { due: 1 }).strategy],
    });
    const errors: unknown[] = [];
    runner.on('error', (event) => void errors.push(event));
    expect((await runner.runOnce()).ok).toBe(true);
    expect(errors).toEqual([{ strategy: 'a', error: full }]);
    expect(logger.lines).toEqual(['warn [a] The history could not be written: No space left.']);
    expect(await store.claims.list()).toMatchObject([{ strategy: 'a', holder: null }]);
  });

  test.each([
    ['its connection', 'CONNECTION_LOST', false],
    ['a lock', 'LOCK_TIMEOUT', true],
  ] as const)('has a pass whose turn lost %s at its end, as soon as it can be ended', async (_what, code, isReady) => {
    const { time, create, store } = await aService();
    const { strategy, turns } = timed('a', time, { due: 1, every: 86_400 });
    let fails = 1;
    const claims: typeof store.claims = {
      ...store.claims,
      release: async (claim, outcome) => {
        fails -= 1;
        if (fails >= 0) throw new JobsweepError(code, 'No.');
        return store.claims.release(claim, outcome);
      },
    };
    const runner = create({ store: withParts(store, { claims }), strategies: [strategy] });
    const seen: boolean[] = [];
    runner.on('pass:end', () => void seen.push(runner.status().isReady));
    await runner.start();
    await time.pass(120);
    expect(await store.journal.read()).toMatchObject([{ itemsCleaned: 1, stopReason: 'drained' }]);
    expect(turns).toHaveLength(1);
    expect([seen[0], runner.status().isReady]).toEqual([isReady, true]);
    await runner.stop();
  });

  test('that can be written no more keeps no strategy from its turns', async () => {
    const { time, create, store } = await aService();
    const { strategy, turns } = timed('a', time, { due: 1, every: 60 });
    let calls = 0;
    const claims: typeof store.claims = {
      ...store.claims,
      release: async (claim, outcome) => {
        calls += 1;
        if (calls === 1) throw new JobsweepError('CONNECTION_LOST', 'Gone.');
        if (outcome.entry !== undefined) throw new JobsweepError('PERMISSION_DENIED', 'No.');
        return store.claims.release(claim, outcome);
      },
    };
    const runner = create({ store: withParts(store, { claims }), strategies: [strategy] });
    await runner.start();
    await time.pass(200);
    expect(turns.length).toBeGreaterThan(1);
    await runner.stop();
  });

  test('is pruned no further once its round is aborted', async () => {
    const { time, create, store } = await aService();
    const aborting = new AbortController();
    const prune = vi.fn(async ({ limit }: { limit: number }) => {
      aborting.abort();
      return limit;
    });
    const journal = { ...store.journal, prune };
    const runner = create({ store: withParts(store, { journal }), strategies: [timed('a', time).strategy] });
    await runner.runOnce({ signal: aborting.signal });
    expect(prune).toHaveBeenCalledTimes(1);
  });

  test('is pruned at most once an hour, in batches, by its days', async () => {
    const { time, create, store } = await aService();
    const prune = vi.fn(async ({ limit }: { limit: number }) => (prune.mock.calls.length < 3 ? limit : 1));
    const journal = { ...store.journal, prune };
    const { strategy } = timed('a', time, { every: 600 });
    const runner = create({ store: withParts(store, { journal }), strategies: [strategy], historyDays: 7 });
    await runner.start();
    await time.pass(3599);
    expect(prune.mock.calls.map(([how]) => how)).toEqual(
      Array(3).fill(expect.objectContaining({ maxAgeDays: 7, limit: 1000 })),
    );
    await time.pass(602);
    expect(prune).toHaveBeenCalledTimes(4);
    await runner.stop();
  });
});
