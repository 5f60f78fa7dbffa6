import { createStrategies, type Locale, type Logger, type PassCounts, presets, silentLogger } from '@jobsweep/core';
import { createRunner, type RunReport } from '@jobsweep/runner';
import { withStore } from './adapters/adapter.js';
import type { Pair } from './adapters/pairs.js';
import { limits } from './limits.js';

export interface SweepOptions {
  readonly locale: Locale;
  /** Also delete old jobs. */
  readonly purge: boolean;
  readonly logger: Logger | undefined;
  readonly signal: AbortSignal;
  readonly onBatch: (strategy: string, counts: PassCounts) => void;
}

/** The pass itself, as a user of jobsweep would run it: an adapter, the strategies, the runner. */
export async function sweep(pair: Pair, url: string, options: SweepOptions): Promise<RunReport> {
  const { locale, purge, logger = silentLogger, signal, onBatch } = options;
  return withStore(pair, url, async (store) => {
    const all = createStrategies(store, {
      logger,
      texts: presets[locale],
      stale_reservation_cleanup: { maxAgeMinutes: limits.reservationMinutes },
      stuck_job_cleanup: { maxAgeHours: limits.runHours },
      old_job_cleanup: { maxAgeDays: limits.keepDays, enabled: purge },
    });
    // No allocation loses its job in this cluster.
    const strategies = all.filter(({ name }) => name !== 'orphaned_allocation_cleanup');
    // The damage is there on purpose, and may well be most of what runs: no breaker is to save the cluster from it.
    const runner = createRunner({ store, strategies, logger, onBatch, breaker: false });
    const report = await runner.runOnce({ signal });
    signal.throwIfAborted();
    return report;
  });
}
