import type { AllocationWithJob, Job, JobState, ResourceAllocation, ResourceStatus } from '../../model.js';
import type { Context } from '../context.js';
import type { AllocationRow, JobRow } from '../engine/rows.js';
import { toDate } from '../engine/times.js';
import { ageTime } from '../filters.js';

/** A row whose state is known, as the port has it. */
export function toJob({ filters }: Context, row: JobRow): Job {
  const { id, name, state, startTime, endTime, errorMsg, exitCode } = row;
  return {
    id,
    name: name ?? '',
    state: state as JobState,
    startTime: dateOf(startTime),
    endTime: dateOf(endTime),
    errorMsg,
    exitCode,
    version: { state, startTime, endTime, ...(filters.ageColumn !== null && { ageTime: ageTime(filters, row) }) },
  };
}

/**
 * A row whose status is known, as the port has it.
 *
 * @param horizon the time before which reservations of its job counted as stale when the row was read as one.
 */
export function toAllocation(row: AllocationRow, horizon?: string): ResourceAllocation {
  const { id, jobId, status, allocationTime, releasedTime } = row;
  return {
    id,
    jobId: jobId ?? '',
    status: status as ResourceStatus,
    allocationTime: dateOf(allocationTime),
    releasedTime: dateOf(releasedTime),
    version: { status, allocationTime, ...(horizon !== undefined && { horizon }) },
  };
}

/** An allocation and its job, as the port has them. */
export function toAllocationWithJob(
  context: Context,
  { allocation, job, horizon }: { readonly allocation: AllocationRow; readonly job: JobRow; readonly horizon?: string },
): AllocationWithJob {
  return { ...toAllocation(allocation, horizon), job: toJob(context, job) };
}

const dateOf = (time: string | null) => (time === null ? null : toDate(time));
