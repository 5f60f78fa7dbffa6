import { JobsweepError } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { aStrategy, type FakeStrategyOptions, fakeStore, recordingLogger } from '../support/fakes.js';
import { reasons, statuses } from '../support/reports.js';

const { store } = fakeStore();
const refused = new JobsweepError('DATABASE_ERROR', 'The disk is full. See `cause` for what the database said.');

/** base <- middle <- top, and one that depends on nothing. */
function aChain(base: FakeStrategyOptions) {
  return [
    aStrategy('base', { priority: 1, ...base }),
    aStrategy('middle', { priority: 2, dependsOn: ['base'] }),
    aStrategy('top', { priority: 3, dependsOn: ['middle'] }),
    aStrategy('other', { priority: 4 }),
  ];
}

describe('A strategy that fails', () => {
  test('blocks those that depend on it, directly and through others, and nobody else', async () => {
    const report = await createRunner({ store, strategies: aChain({ fails: refused }) }).runOnce();
    expect(statuses(report)).toEqual({ base: 'failed', middle: 'blocked', top: 'blocked', other: 'done' });
    expect(report.ok).toBe(false);
  });

  test('is named as the reason', async () => {
    const report = await createRunner({ store, strategies: aChain({ fails: refused }) }).runOnce();
    expect(reasons(report)).toEqual({
      base: refused.message,
      middle: 'base, which it depends on, failed in this round',
      top: expect.stringMatching(/^middle, which it depends on, .*blocked in this round$/),
      other: undefined,
    });
  });

  test('carries its error in the report', async () => {
    const report = await createRunner({ store, strategies: aChain({ fails: refused }) }).runOnce();
    expect(report.strategies[0]?.pass).toMatchObject({ status: 'failed', stopReason: 'failed', error: refused });
    expect(report.strategies[1]).not.toHaveProperty('pass');
  });

  test('is logged as an error, and what it blocks as a warning', async () => {
    const logger = recordingLogger();
    const report = await createRunner({
      store,
      strategies: aChain({ fails: refused }),
      claims: 'off',
      logger,
    }).runOnce();
    expect(logger.lines).toEqual([
      `error [base] Failed: ${refused.message}`,
      'warn [middle] Skipped: base, which it depends on, failed in this round',
      `warn [top] Skipped: ${reasons(report).top}`,
    ]);
  });

  test('does not stop strategies before or after it that stand alone', async () => {
    const strategies = [
      aStrategy('a'),
      aStrategy('b', { fails: refused }),
      aStrategy('c'),
      aStrategy('d', { fails: refused }),
    ];
    const report = await createRunner({ store, strategies }).runOnce();
    expect(statuses(report)).toEqual({ a: 'done', b: 'failed', c: 'done', d: 'failed' });
  });

  test('blocks only in its own round', async () => {
    const failure: { fails?: Error } = { fails: refused };
    const strategies = aChain({
      onCleanup: () => {
        if (failure.fails !== undefined) throw failure.fails;
      },
    });
    const runner = createRunner({ store, strategies });
    await runner.runOnce();
    delete failure.fails;
    const again = await runner.runOnce();
    expect(statuses(again)).toEqual({ base: 'done', middle: 'done', top: 'done', other: 'skipped' });
    expect(again.ok).toBe(true);
  });

  test('blocks also when a failure is no Error', async () => {
    const strategies = aChain({
      onCleanup: () => {
        // Thrown by drivers and callbacks that people write.
        throw 'a text' as unknown as Error;
      },
    });
    const report = await createRunner({ store, strategies }).runOnce();
    expect(reasons(report).base).toBe('a text');
    expect(statuses(report).middle).toBe('blocked');
  });
});

describe('A dependency is satisfied by a strategy that', () => {
  test('had nothing to do', async () => {
    const report = await createRunner({ store, strategies: aChain({ due: 0 }) }).runOnce();
    expect(statuses(report)).toMatchObject({ base: 'skipped', middle: 'done', top: 'done' });
    expect(report.ok).toBe(true);
  });

  test('is disabled', async () => {
    const report = await createRunner({ store, strategies: aChain({ enabled: false }) }).runOnce();
    expect(statuses(report)).toMatchObject({ base: 'disabled', middle: 'done', top: 'done' });
  });

  test('is filtered out', async () => {
    const report = await createRunner({ store, strategies: aChain({}) }).runOnce({ only: ['middle', 'top'] });
    expect(statuses(report)).toMatchObject({ base: 'filtered', middle: 'done', top: 'done' });
  });

  test('stopped early', async () => {
    const runner = createRunner({ store, strategies: aChain({ due: 5 }), maxRowsPerPass: 2 });
    const report = await runner.runOnce();
    expect(report.strategies[0]).toMatchObject({ status: 'done', pass: { stopReason: 'rowBudget', itemsCleaned: 2 } });
    expect(statuses(report)).toMatchObject({ middle: 'done', top: 'done' });
    expect(report.ok).toBe(true);
  });
});
