import {
  type CleanupStore,
  type CleanupStrategy,
  createStrategies,
  type Locale,
  type Logger,
  presets,
  silentLogger,
} from '@jobsweep/core';
import { limits } from './limits.js';

export interface StrategyOptions {
  readonly locale: Locale;
  /** Also delete old jobs. */
  readonly purge: boolean;
  readonly logger: Logger | undefined;
}

/** The strategies as the demo runs them. */
export function demoStrategies<Session>(
  store: CleanupStore<Session>,
  { locale, purge, logger = silentLogger }: StrategyOptions,
): CleanupStrategy<Session>[] {
  const all = createStrategies(store, {
    logger,
    texts: presets[locale],
    stale_reservation_cleanup: { maxAgeMinutes: limits.reservationMinutes },
    stuck_job_cleanup: { maxAgeHours: limits.runHours },
    old_job_cleanup: { maxAgeDays: limits.keepDays, enabled: purge },
  });
  // No allocation loses its job in this cluster.
  return all.filter(({ name }) => name !== 'orphaned_allocation_cleanup');
}
