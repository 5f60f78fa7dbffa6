import type { AllocationRow, Holding, JobRow } from '../../src/cluster/rows.js';

/** Microseconds since 1970 of an ISO 8601 time with up to six digits of a second. */
export function at(iso: string): number {
  const [, seconds = '', digits = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(iso) ?? [];
  return Date.parse(`${seconds}Z`) * 1000 + Number(digits.padEnd(6, '0'));
}

export function job(id: number, given: Partial<JobRow> = {}): JobRow {
  return {
    id,
    name: null,
    state: 'COMPLETED',
    submitTime: null,
    startTime: null,
    endTime: null,
    errorMsg: null,
    exitCode: null,
    processors: null,
    userId: null,
    queue: null,
    ...given,
  };
}

export function allocation(id: number, jobId: number, given: Partial<AllocationRow> = {}): AllocationRow {
  return { id, jobId, status: 'RELEASED', allocationTime: null, releasedTime: null, node: null, ...given };
}

export const holding = (job: JobRow, ...allocations: readonly AllocationRow[]): Holding => ({
  jobId: job.id,
  job,
  allocations,
});
