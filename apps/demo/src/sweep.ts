import { type PassCounts, silentLogger } from '@jobsweep/core';
import { createRunner, type RunReport } from '@jobsweep/runner';
import { withStore } from './adapters/adapter.js';
import type { Pair } from './adapters/pairs.js';
import { demoStrategies, type StrategyOptions } from './strategies.js';

export interface SweepOptions extends StrategyOptions {
  /** Whether claims, history and changes are kept in the database. */
  readonly ownTables: boolean;
  readonly signal: AbortSignal;
  readonly onBatch: (strategy: string, counts: PassCounts) => void;
}

/** The pass itself, as a user of jobsweep would run it: an adapter, the strategies, the runner. */
export async function sweep(pair: Pair, url: string, options: SweepOptions): Promise<RunReport> {
  const { logger = silentLogger, ownTables, signal, onBatch } = options;
  return withStore(pair, url, async (store) => {
    if (ownTables) await store.ownTables.create({ signal });
    const strategies = demoStrategies(store, options);
    // The damage is there on purpose, and may well be most of what runs: no breaker is to save the cluster from it.
    const runner = createRunner({ store, strategies, logger, onBatch, breaker: false });
    const report = await runner.runOnce({ signal });
    signal.throwIfAborted();
    return report;
  });
}
