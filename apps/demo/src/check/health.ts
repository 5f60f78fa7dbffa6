import type { Holding } from '../cluster/rows.js';
import { isFinished, isOld, isStale, isStuck, isUnreleased } from './rules.js';

/** How the cluster is: rows of each kind. */
export interface Health {
  readonly jobs: number;
  readonly allocations: number;
  /** Allocations not released although their job is finished. */
  readonly completedJobsWithUnreleasedResources: number;
  readonly staleReservations: number;
  readonly stuckJobs: number;
  /** Finished jobs that may be purged. */
  readonly oldJobs: number;
}

export const NOTHING: Health = {
  jobs: 0,
  allocations: 0,
  completedJobsWithUnreleasedResources: 0,
  staleReservations: 0,
  stuckJobs: 0,
  oldJobs: 0,
};

/**
 * Adds what is wrong with one job as of `at`. Before and after a pass are counted as of the same time, so that nothing
 * becomes due in between.
 */
export function addHealth(health: Health, holding: Holding, at: number): Health {
  const { job, allocations } = holding;
  const count = (condition: boolean) => (condition ? 1 : 0);
  const leaked = isFinished(job) ? allocations.filter(isUnreleased).length : 0;
  return {
    jobs: health.jobs + count(job !== undefined),
    allocations: health.allocations + allocations.length,
    completedJobsWithUnreleasedResources: health.completedJobsWithUnreleasedResources + leaked,
    staleReservations: health.staleReservations + allocations.filter((held) => isStale(held, holding, at)).length,
    stuckJobs: health.stuckJobs + count(isStuck(job, at)),
    oldJobs: health.oldJobs + count(isOld(job, at)),
  };
}

/** Whether nothing is left to repair. Old jobs are no damage. */
export function isHealthy(health: Health): boolean {
  return health.completedJobsWithUnreleasedResources + health.staleReservations + health.stuckJobs === 0;
}
