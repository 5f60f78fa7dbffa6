import { FINISHED_JOB_STATES, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';

// The rules of the strategies, each written once: `j` is a job, `a` an allocation. NULL is before no horizon.

/** What a strategy looks for, from FROM to the end of WHERE. */
export interface Rule {
  readonly sql: string;
  /** The time that it judges and is ordered by, before the id. Without one: by id alone. */
  readonly time?: string;
  /** The time before which a row is due. */
  readonly horizon?: string;
}

const list = (values: readonly string[]) => `('${values.join("', '")}')`;
export const FINISHED = list(FINISHED_JOB_STATES);
/** Known statuses alone: one that nobody knows is never written. */
export const UNRELEASED = list(UNRELEASED_RESOURCE_STATUSES);

const ago = (now: string, seconds: number) => `(${now} - make_interval(secs => ${seconds}))`;

/**
 * Allocations that a finished job still holds. The state is looked up for each allocation by itself: nearly all jobs
 * are finished, so a planner that joins by the state expects nearly all unreleased allocations to be due, and reads the
 * whole history of jobs instead.
 */
export const completedWithUnreleased: Rule = {
  sql: `
    from resource_allocations a join jobs j on j.id = a.job_id
    where a.status in ${UNRELEASED} and (select f.state from jobs f where f.id = a.job_id) in ${FINISHED}`,
};

/** Reservations before the horizon whose running job nothing else keeps alive. */
export function staleReservations(now: string, maxAgeSeconds: number): Rule {
  const horizon = ago(now, maxAgeSeconds);
  const sql = `
    from resource_allocations a join jobs j on j.id = a.job_id
    where a.status = 'RESERVED' and a.allocation_time < ${horizon} and j.state = 'RUNNING'
      and not ${hasLiveSibling('a', horizon)}`;
  return { sql, time: 'a.allocation_time', horizon };
}

/** Whether anything else keeps the job of `a` alive: all but released ones and reservations that are stale as well. */
export const hasLiveSibling = (a: string, horizon: string): string => `exists (
  select from resource_allocations s
  where s.job_id = ${a}.job_id and s.id <> ${a}.id and s.status is distinct from 'RELEASED'
    and (s.status = 'RESERVED' and s.allocation_time < ${horizon}) is not true)`;

export const stuckJobs = (now: string, maxAgeSeconds: number): Rule => ({
  sql: `from jobs j where j.state = 'RUNNING' and j.start_time < ${ago(now, maxAgeSeconds)}`,
  time: 'j.start_time',
});

export const oldJobs = (now: string, maxAgeSeconds: number): Rule => ({
  sql: `from jobs j where j.state in ${FINISHED} and j.end_time < ${ago(now, maxAgeSeconds)}`,
  time: 'j.end_time',
});
