import type { PassCounts, PassPlan, PassResult } from '@jobsweep/core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createRunner, type RunReport, type StrategyReport, type StrategyStatus } from '../../src/index.js';
import { aStrategy, fakeStore, recordingLogger } from '../support/fakes.js';

const { store } = fakeStore();

describe('The report of a round', () => {
  test('names every strategy once, with what its pass did', async () => {
    const strategies = [
      aStrategy('busy', { due: 5 }),
      aStrategy('idle', { due: 0 }),
      aStrategy('off', { enabled: false }),
    ];
    const before = Date.now();
    const report = await createRunner({ store, strategies, batchRows: 2, pauseFraction: 0 }).runOnce();

    expect(report).toEqual({
      dryRun: false,
      startedAt: expect.any(Date),
      durationMs: expect.any(Number),
      ok: true,
      strategies: [
        { name: 'busy', description: 'Repairs busy', status: 'done', pass: expect.any(Object) },
        { name: 'idle', description: 'Repairs idle', status: 'skipped', pass: expect.any(Object) },
        { name: 'off', description: 'Repairs off', status: 'disabled', reason: expect.any(String) },
      ],
    });
    expect(report.strategies[0]?.pass).toEqual({
      ...{ name: 'busy', status: 'done', stopReason: 'drained', durationMs: expect.any(Number) },
      ...{ waitedMs: 0, batchRows: 2 },
      ...{ place: null, blocked: [] },
      ...{
        itemsCleaned: 5,
        itemsFound: 5,
        itemsContended: 0,
        itemsHolding: 0,
        itemsUnconfirmed: 0,
        itemsPassedOver: 0,
        itemsBlocked: 0,
        itemsUnknown: 0,
      },
      batches: 3,
    });
    expect(report.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(report.startedAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(report.durationMs).toBeGreaterThanOrEqual(0);
  });

  test('can be sent as JSON', async () => {
    const report = await createRunner({ store, strategies: [aStrategy('a')] }).runOnce();
    const sent = JSON.parse(JSON.stringify(report)) as RunReport;
    expect(sent).toMatchObject({ ok: true, strategies: [{ name: 'a', pass: { itemsCleaned: 1 } }] });
  });

  test('has these types', () => {
    expectTypeOf<RunReport['strategies']>().toEqualTypeOf<readonly StrategyReport[]>();
    expectTypeOf<RunReport['startedAt']>().toEqualTypeOf<Date>();
    expectTypeOf<StrategyReport['pass']>().toEqualTypeOf<PassResult | undefined>();
    expectTypeOf<StrategyReport['plan']>().toEqualTypeOf<PassPlan | undefined>();
    expectTypeOf<StrategyStatus>().toEqualTypeOf<
      | 'done'
      | 'skipped'
      | 'planned'
      | 'observed'
      | 'failed'
      | 'blocked'
      | 'claimed'
      | 'notDue'
      | 'paused'
      | 'tripped'
      | 'disabled'
      | 'filtered'
      | 'aborted'
    >();
  });

  test('says nothing in the log of a round in which all went well', async () => {
    const logger = recordingLogger();
    const strategies = [aStrategy('a'), aStrategy('b', { due: 0 }), aStrategy('c', { enabled: false })];
    await createRunner({ store, strategies, claims: 'off', logger }).runOnce({ only: ['a', 'b', 'c'] });
    expect(logger.lines).toEqual([]);
  });
});

describe('The callbacks of a runner', () => {
  test('get the name of the strategy: onRepaired with the rows, onBatch with the counts', async () => {
    const repaired: string[] = [];
    const batches: [string, Pick<PassCounts, 'itemsCleaned' | 'batches'>][] = [];
    const runner = createRunner({
      store,
      strategies: [aStrategy('a', { due: 3 }), aStrategy('b', { due: 1 })],
      batchRows: 2,
      pauseFraction: 0,
      onRepaired: (strategy, rows) => void repaired.push(...rows.map(({ id }) => `${strategy}: ${id}`)),
      onBatch: (strategy, { itemsCleaned, batches: done }) =>
        void batches.push([strategy, { itemsCleaned, batches: done }]),
    });
    await runner.runOnce();
    expect(repaired).toEqual(['a: a 1', 'a: a 2', 'a: a 3', 'b: b 1']);
    expect(batches).toEqual([
      ['a', { itemsCleaned: 2, batches: 1 }],
      ['a', { itemsCleaned: 3, batches: 2 }],
      ['b', { itemsCleaned: 1, batches: 1 }],
    ]);
  });

  test('that throw are logged, and fail nothing', async () => {
    const logger = recordingLogger();
    const onRepaired = () => {
      throw new Error('No such process');
    };
    const report = await createRunner({
      store,
      strategies: [aStrategy('a')],
      claims: 'off',
      logger,
      onRepaired,
    }).runOnce();
    expect(report.ok).toBe(true);
    expect(logger.lines).toEqual(['error [a] A callback failed after the commit: Error: No such process']);
  });
});
