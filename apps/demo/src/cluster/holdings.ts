import type { AllocationRow, Holding, JobRow } from './rows.js';

/** Puts jobs and allocations together, both sorted: jobs by id, allocations by job and id. */
export function toHoldings(jobs: readonly JobRow[], allocations: readonly AllocationRow[]): Holding[] {
  const holdings: Holding[] = [];
  let at = 0;
  const held = (jobId: number) => {
    const from = at;
    while (allocations[at]?.jobId === jobId) at += 1;
    return allocations.slice(from, at);
  };
  const addOrphans = (before: number) => {
    for (let orphan = allocations[at]; orphan !== undefined && orphan.jobId < before; orphan = allocations[at]) {
      holdings.push({ jobId: orphan.jobId, job: undefined, allocations: held(orphan.jobId) });
    }
  };
  for (const job of jobs) {
    addOrphans(job.id);
    holdings.push({ jobId: job.id, job, allocations: held(job.id) });
  }
  addOrphans(Number.POSITIVE_INFINITY);
  return holdings;
}
