import { limits } from '../limits.js';

/**
 * The business rules in plain SQL, written for the demo and for nothing else: a cleanup is never checked with its own
 * queries. `job` and `allocation` are aliases, `allocations` a table, `at` an expression of type timestamptz.
 */

export const isFinished = (job: string) => `${job}.state IN ('COMPLETED', 'FAILED', 'CANCELLED')`;

export const isUnreleased = (allocation: string) => `${allocation}.status IN ('RESERVED', 'ALLOCATED')`;

export const isStuck = (job: string, at: string) =>
  `(${job}.state = 'RUNNING' AND ${job}.start_time < ${at} - interval '${limits.runHours} hours')`;

export const isOld = (job: string, at: string) =>
  `(${isFinished(job)} AND ${job}.end_time < ${at} - make_interval(hours => 24 * ${limits.keepDays}))`;

/** Reserved for too long, the job RUNNING, and nothing else of the job alive. */
export const isStale = (allocation: string, job: string, allocations: string, at: string) => `
  (${isTimedOut(allocation, at)} AND ${job}.state = 'RUNNING' AND NOT EXISTS (
    SELECT FROM ${allocations} AS sibling
    WHERE sibling.job_id = ${job}.id AND sibling.id <> ${allocation}.id AND sibling.status <> 'RELEASED'
      AND ${isTimedOut('sibling', at)} IS NOT TRUE
  ))`;

const isTimedOut = (allocation: string, at: string) =>
  `(${allocation}.status = 'RESERVED'
    AND ${allocation}.allocation_time < ${at} - interval '${limits.reservationMinutes} minutes')`;
