import { type Database, oneRow } from '../cluster/connection.js';
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

const HEALTH = `
SELECT (SELECT count(*) FROM jobs)::integer AS "jobs",
       (SELECT count(*) FROM resource_allocations)::integer AS "allocations",
       (SELECT count(*) FROM resource_allocations AS a JOIN jobs AS j ON j.id = a.job_id
        WHERE ${isUnreleased('a')} AND ${isFinished('j')})::integer AS "completedJobsWithUnreleasedResources",
       (SELECT count(*) FROM resource_allocations AS a JOIN jobs AS j ON j.id = a.job_id
        WHERE ${isStale('a', 'j', 'resource_allocations', '$1::timestamptz')})::integer AS "staleReservations",
       (SELECT count(*) FROM jobs AS j WHERE ${isStuck('j', '$1::timestamptz')})::integer AS "stuckJobs",
       (SELECT count(*) FROM jobs AS j WHERE ${isOld('j', '$1::timestamptz')})::integer AS "oldJobs"`;

/**
 * Counts by plain SQL what is wrong as of `at`, a time as PostgreSQL reads it. Before and after a pass are counted as
 * of the same time, so that nothing becomes due in between.
 */
export async function readHealth(database: Database, at: string): Promise<Health> {
  return oneRow<Health & Record<string, number>>(database, HEALTH, [at]);
}

/** Whether nothing is left to repair. Old jobs are no damage. */
export function isHealthy(health: Health): boolean {
  return health.completedJobsWithUnreleasedResources + health.staleReservations + health.stuckJobs === 0;
}
