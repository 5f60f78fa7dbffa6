import type { AllocationRow, Holding, JobRow } from '../cluster/rows.js';
import { MICROS_PER_SECOND } from '../cluster/times.js';
import { limits } from '../limits.js';

/**
 * The business rules in plain words, written for the demo and for nothing else: a cleanup is never checked with its own
 * queries, and all databases are checked alike. `at` and all times are microseconds since 1970.
 */

const MINUTE = 60 * MICROS_PER_SECOND;
const HOUR = 60 * MINUTE;

const FINISHED: readonly unknown[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
const UNRELEASED: readonly unknown[] = ['RESERVED', 'ALLOCATED'];

type Job = JobRow | undefined;

export const isFinished = (job: Job): boolean => FINISHED.includes(job?.state);

export const isUnreleased = (allocation: AllocationRow): boolean => UNRELEASED.includes(allocation.status);

export const isStuck = (job: Job, at: number): boolean =>
  job?.state === 'RUNNING' && isBefore(job.startTime, at - limits.runHours * HOUR);

export const isOld = (job: Job, at: number): boolean =>
  isFinished(job) && isBefore(job?.endTime, at - limits.keepDays * 24 * HOUR);

/** Reserved for too long, the job RUNNING, and nothing else of the job alive. */
export const isStale = (allocation: AllocationRow, { job, allocations }: Holding, at: number): boolean =>
  isTimedOut(allocation, at) &&
  job?.state === 'RUNNING' &&
  allocations.every(
    (sibling) => sibling.id === allocation.id || sibling.status === 'RELEASED' || isTimedOut(sibling, at),
  );

const isTimedOut = ({ status, allocationTime }: AllocationRow, at: number) =>
  status === 'RESERVED' && isBefore(allocationTime, at - limits.reservationMinutes * MINUTE);

/** No time is before none. */
const isBefore = (time: number | null | undefined, limit: number) => typeof time === 'number' && time < limit;
