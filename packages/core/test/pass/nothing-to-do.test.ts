import { describe, expect, it, vi } from 'vitest';
import {
  type CleanupStrategy,
  CompletedJobCleanupStrategy,
  createStrategies,
  OldJobCleanupStrategy,
  runPass,
  STRATEGY_NAMES,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '../../src/index.js';
import { type FakeSession, FakeStore } from '../fakes.js';
import { calledOperations, mockRepository } from '../support.js';

const cases = [
  ['completed_job_cleanup', CompletedJobCleanupStrategy, 'countCompletedJobsWithUnreleasedResources'],
  ['stale_reservation_cleanup', StaleReservationCleanupStrategy, 'countStaleReservations'],
  ['stuck_job_cleanup', StuckJobCleanupStrategy, 'getStuckJobs'],
  ['old_job_cleanup', OldJobCleanupStrategy, 'getOldJobs'],
] as const;

describe.each(cases)('%s with nothing to do', (name, Strategy, query) => {
  it(`costs one query, ${query}, and is skipped`, async () => {
    const repository = mockRepository();
    const strategy: CleanupStrategy<FakeSession> = new Strategy(repository);
    const result = await runPass(new FakeStore(), strategy);
    expect(calledOperations(repository)).toEqual([query]);
    expect(result).toEqual({
      name,
      status: 'skipped',
      stopReason: 'drained',
      durationMs: expect.any(Number) as number,
      waitedMs: 0,
      batchRows: 1000,
      itemsCleaned: 0,
      itemsFound: 0,
      itemsContended: 0,
      itemsPassedOver: 0,
      itemsBlocked: 0,
      itemsUnknown: 0,
      batches: 0,
      itemsHolding: 0,
      itemsUnconfirmed: 0,
      blocked: [],
      place: null,
    });
  });

  it('does not reach the hook after, nor any callback', async () => {
    const strategy: CleanupStrategy<FakeSession> = new Strategy(mockRepository());
    const after = vi.spyOn(strategy, 'after');
    const announce = vi.spyOn(strategy, 'announce');
    const callbacks = { onRepaired: vi.fn(), onBatch: vi.fn() };
    await runPass(new FakeStore(), strategy, callbacks);
    for (const call of [after, announce, callbacks.onRepaired, callbacks.onBatch]) expect(call).not.toHaveBeenCalled();
  });
});

describe('a pass whose first page is its check', () => {
  it('begins no transaction for a check that asks nothing', async () => {
    const store = new FakeStore();
    await runPass(store, new StuckJobCleanupStrategy(mockRepository()));
    expect(store.events).toEqual(['begin', 'commit']);
  });

  it('begins one where a class that extends it looks first', async () => {
    class Looking extends StuckJobCleanupStrategy<FakeSession> {
      override async before() {
        return false;
      }
    }
    const store = new FakeStore();
    const repository = mockRepository();
    await runPass(store, new Looking(repository));
    expect(store.events).toEqual(['begin read-only', 'commit']);
    expect(calledOperations(repository)).toEqual([]);
  });
});

describe('a round of all strategies with nothing to do', () => {
  it('costs one query for each, and no write is even tried', async () => {
    const repository = mockRepository();
    const capabilities = { strategies: STRATEGY_NAMES };
    const store = new FakeStore();
    for (const strategy of createStrategies({ repository, capabilities })) await runPass(store, strategy);
    expect(calledOperations(repository)).toHaveLength(STRATEGY_NAMES.length);
  });
});

describe('rows that are gone between the check and the first page', () => {
  it('leave a pass that was skipped', async () => {
    const repository = mockRepository();
    repository.countCompletedJobsWithUnreleasedResources.mockResolvedValue(3);
    const strategy = new CompletedJobCleanupStrategy(repository);
    const cleanup = vi.spyOn(strategy, 'cleanup');
    expect(await runPass(new FakeStore(), strategy)).toMatchObject({ status: 'skipped', itemsFound: 0, batches: 0 });
    expect(cleanup).not.toHaveBeenCalled();
  });
});

describe('the check', () => {
  it('is a read-only transaction of its own', async () => {
    const store = new FakeStore();
    await runPass(store, new CompletedJobCleanupStrategy(mockRepository()));
    expect(store.events).toEqual(['begin read-only', 'commit']);
  });
});
