import { createStrategies, type Locale, type Logger, type PassCounts, presets, silentLogger } from '@jobsweep/core';
import { knexStore } from '@jobsweep/repo-knex';
import { createRunner, type RunReport } from '@jobsweep/runner';
import createKnex from 'knex';
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
export async function sweep(url: string, options: SweepOptions): Promise<RunReport> {
  const { locale, purge, logger = silentLogger, signal, onBatch } = options;
  const knex = createKnex({ client: 'pg', connection: url, pool: { min: 0, max: 2 } });
  try {
    const store = knexStore(knex);
    const strategies = createStrategies(store, {
      logger,
      texts: presets[locale],
      stale_reservation_cleanup: { maxAgeMinutes: limits.reservationMinutes },
      stuck_job_cleanup: { maxAgeHours: limits.runHours },
      old_job_cleanup: { maxAgeDays: limits.keepDays, enabled: purge },
    });
    const report = await createRunner({ store, strategies, logger, onBatch }).runOnce({ signal });
    signal.throwIfAborted();
    return report;
  } finally {
    await knex.destroy();
  }
}
