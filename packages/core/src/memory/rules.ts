import {
  FINISHED_JOB_STATES,
  JOB_STATES,
  type Job,
  type JobState,
  RESOURCE_STATUSES,
  type ResourceAllocation,
  type ResourceStatus,
  UNRELEASED_RESOURCE_STATUSES,
} from '../model.js';
import type { AllocationRow, JobRow } from './engine/rows.js';
import { toDate } from './engine/times.js';

/** What the specification says about one row, or about a row and what was read of it: every condition, once. */
export class Rules {
  /** The state of a job, compared to the letter; `undefined` for one that nobody knows. */
  stateOf({ state }: JobRow): JobState | undefined {
    return JOB_STATES.find((known) => known === state);
  }

  /** The status of an allocation, compared to the letter; `undefined` for one that nobody knows. */
  statusOf({ status }: AllocationRow): ResourceStatus | undefined {
    return RESOURCE_STATUSES.find((known) => known === status);
  }

  isRunning(job: JobRow): boolean {
    return this.stateOf(job) === 'RUNNING';
  }

  /** A job in an unknown state is not finished. */
  isFinished(job: JobRow): boolean {
    const state = this.stateOf(job);
    return FINISHED_JOB_STATES.some((finished) => finished === state);
  }

  isReserved(allocation: AllocationRow): boolean {
    return this.statusOf(allocation) === 'RESERVED';
  }

  isReleased(allocation: AllocationRow): boolean {
    return this.statusOf(allocation) === 'RELEASED';
  }

  /** An allocation of unknown status is neither released nor unreleased: it is never written. */
  isUnreleased(allocation: AllocationRow): boolean {
    const status = this.statusOf(allocation);
    return UNRELEASED_RESOURCE_STATUSES.some((unreleased) => unreleased === status);
  }

  /** Whether a time is strictly before another one. One that is not set is before none. */
  isBefore(time: string | null, horizon: string): boolean {
    return time !== null && time < horizon;
  }

  /** Whether an allocation keeps its job alive: ALLOCATED, of unknown status, or RESERVED and not yet stale. */
  keepsAlive(sibling: AllocationRow, horizon: string): boolean {
    if (this.isReleased(sibling)) return false;
    return !(this.isReserved(sibling) && this.isBefore(sibling.allocationTime, horizon));
  }

  /** Whether a time is as it was read: to the microsecond or, of a row made by hand, within its millisecond. */
  sameTime(exact: string | null | undefined, date: Date | null, now: string | null): boolean {
    if (exact !== undefined) return exact === now;
    return (date?.getTime() ?? null) === (now === null ? null : toDate(now).getTime());
  }

  /** Whether a job is still in the run it was read in: one that was queued again has another start time. */
  sameRun({ version, startTime }: Job, now: JobRow): boolean {
    return this.sameTime(version?.startTime, startTime, now.startTime);
  }

  /** Whether nothing that the rules look at changed since the job was read. */
  sameJob(given: Job, now: JobRow): boolean {
    const sameState = given.version === undefined ? given.state === now.state : given.version.state === now.state;
    const sameEnd = this.sameTime(given.version?.endTime, given.endTime, now.endTime);
    return sameState && sameEnd && this.sameRun(given, now);
  }

  /** Whether an allocation still belongs to the job, and nothing that the rules look at changed since it was read. */
  sameAllocation({ version, jobId, status, allocationTime }: ResourceAllocation, now: AllocationRow): boolean {
    const sameStatus = version === undefined ? status === now.status : version.status === now.status;
    const sameStart = this.sameTime(version?.allocationTime, allocationTime, now.allocationTime);
    return jobId === now.jobId && sameStatus && sameStart;
  }

  /** Whether a job shows the same sign of life as when it was read. A row made by hand shows none but its start. */
  sameHeartbeat({ version }: Job, ageTime: string | null): boolean {
    return version?.ageTime === undefined || version.ageTime === ageTime;
  }
}
