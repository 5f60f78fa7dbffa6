import { rejectUnknown } from '../errors.js';
import type { CleanupStore, StoreCapabilities } from '../store.js';
import type { StrategyOptions } from './base.js';
import { CompletedJobCleanupStrategy, type CompletedJobOptions } from './completed-job-cleanup.js';
import { STRATEGY_NAMES, type StrategyName } from './names.js';
import { OldJobCleanupStrategy, type OldJobOptions } from './old-job-cleanup.js';
import { OrphanedAllocationCleanupStrategy, type OrphanedAllocationOptions } from './orphaned-allocation-cleanup.js';
import { StaleReservationCleanupStrategy, type StaleReservationOptions } from './stale-reservation-cleanup.js';
import type { CleanupStrategy } from './strategy.js';
import { StuckJobCleanupStrategy, type StuckJobOptions } from './stuck-job-cleanup.js';
import { WaitingJobCleanupStrategy, type WaitingJobOptions } from './waiting-job-cleanup.js';

/** Options for all strategies, and for each one under its name. */
export interface CreateStrategiesOptions<Session = unknown>
  extends Pick<StrategyOptions, 'logger' | 'texts' | 'clock'> {
  readonly completed_job_cleanup?: CompletedJobOptions<Session>;
  readonly stale_reservation_cleanup?: StaleReservationOptions<Session>;
  readonly stuck_job_cleanup?: StuckJobOptions<Session>;
  readonly old_job_cleanup?: OldJobOptions<Session>;
  readonly orphaned_allocation_cleanup?: OrphanedAllocationOptions<Session>;
  readonly waiting_job_cleanup?: WaitingJobOptions<Session>;
}

const OF_ALL: readonly (keyof StrategyOptions)[] = [
  ...(['enabled', 'intervalSeconds', 'timeoutSeconds', 'logger', 'texts', 'clock'] as const),
  ...(['confirm', 'within', 'onRepaired'] as const),
];
const OWN: { readonly [Name in StrategyName]: readonly (keyof NonNullable<CreateStrategiesOptions[Name]>)[] } = {
  completed_job_cleanup: ['settleSeconds'],
  stale_reservation_cleanup: ['maxAgeMinutes', 'jobStates', 'requeue'],
  stuck_job_cleanup: ['maxAgeHours', 'silentMinutes', 'requeue'],
  old_job_cleanup: ['maxAgeDays'],
  orphaned_allocation_cleanup: ['maxAgeMinutes'],
  waiting_job_cleanup: ['maxAgeDays', 'requeue'],
};

/**
 * The strategies that the store's tables and filters allow: all of them, unless the mapping has no allocations table, say.
 * Throws `INVALID_OPTION` for a word that is no option.
 *
 * @example
 * createStrategies(store, { texts: presets['zh-CN'], old_job_cleanup: { enabled: true, maxAgeDays: 90 } });
 */
export function createStrategies<Session>(
  store: Pick<CleanupStore<Session>, 'repository'> & {
    readonly capabilities: Pick<StoreCapabilities, 'strategies'>;
  },
  options: CreateStrategiesOptions<NoInfer<Session>> = {},
): CleanupStrategy<Session>[] {
  const { repository, capabilities } = store;
  const { logger, texts, clock, ...own } = options;
  rejectUnknown('createStrategies', own, STRATEGY_NAMES);
  for (const name of STRATEGY_NAMES) rejectUnknown(name, own[name] ?? {}, [...OWN[name], ...OF_ALL]);
  const shared = { ...(logger && { logger }), ...(texts && { texts }), ...(clock && { clock }) };
  const make: Record<StrategyName, () => CleanupStrategy<Session>> = {
    completed_job_cleanup: () =>
      new CompletedJobCleanupStrategy(repository, { ...shared, ...own.completed_job_cleanup }),
    stale_reservation_cleanup: () =>
      new StaleReservationCleanupStrategy(repository, { ...shared, ...own.stale_reservation_cleanup }),
    stuck_job_cleanup: () => new StuckJobCleanupStrategy(repository, { ...shared, ...own.stuck_job_cleanup }),
    old_job_cleanup: () => new OldJobCleanupStrategy(repository, { ...shared, ...own.old_job_cleanup }),
    orphaned_allocation_cleanup: () =>
      new OrphanedAllocationCleanupStrategy(repository, { ...shared, ...own.orphaned_allocation_cleanup }),
    waiting_job_cleanup: () => new WaitingJobCleanupStrategy(repository, { ...shared, ...own.waiting_job_cleanup }),
  };
  return capabilities.strategies.map((name) => make[name]());
}
