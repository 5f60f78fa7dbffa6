import type { AllocationWithJob, Job, ResourceAllocation } from '../../model.js';
import type { WriteOutcome } from '../../repository.js';
import type { Context } from '../context.js';
import type { JobRow } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { idsOf, jobIdsOf } from '../rows/ids.js';
import { toAllocation } from '../rows/to-port.js';
import { lockAllocations, lockAllocationsOfJobs, lockJobs } from './lock.js';
import { updateToReleased, withJobs } from './update.js';

/** Releases the given allocations whose job is finished, still in the run they were read in. */
export async function releaseOfFinished(
  session: MemorySession,
  context: Context,
  allocations: readonly AllocationWithJob[],
): Promise<WriteOutcome<AllocationWithJob>> {
  const jobs = await lockJobs(session, context, jobIdsOf(allocations));
  const ofFinished = allocations.filter(({ jobId, job }) => isFinishedRun(context, job, jobs.rows.get(jobId)));
  const locked = await lockAllocations(session, idsOf(ofFinished));
  const due = ofFinished.filter((allocation) => {
    const now = locked.rows.get(allocation.id);
    return now !== undefined && context.rules.sameAllocation(allocation, now);
  });
  return {
    changed: withJobs(due, await updateToReleased(session, context, idsOf(due)), new Map()),
    contended: allocations.filter(({ id, jobId }) => jobs.heldByOthers.has(jobId) || locked.heldByOthers.has(id)),
  };
}

/** Releases all that the given jobs hold, where the job is finished and has not started again since it was read. */
export async function releaseOfJobs(
  session: MemorySession,
  context: Context,
  jobs: readonly Job[],
): Promise<WriteOutcome<ResourceAllocation>> {
  const { rules } = context;
  const locked = await lockJobs(session, context, idsOf(jobs));
  const finished = jobs.filter((job) => isFinishedRun(context, job, locked.rows.get(job.id)));
  const held = await lockAllocationsOfJobs(session, idsOf(finished), (row) => !rules.isReleased(row));
  const due = [...held.ofJob.values()].flat().filter((row) => rules.isUnreleased(row));
  const changed = await updateToReleased(session, context, idsOf(due));

  // What those jobs still hold, that others keep: for the report alone, nothing is decided by it.
  const jobIds = new Set([...locked.heldByOthers, ...held.heldByOthers]);
  const contended = await session.select((view) =>
    view.rows('allocations', (row) => row.jobId !== null && jobIds.has(row.jobId) && rules.isUnreleased(row)),
  );
  return { changed, contended: contended.map((row) => toAllocation(row)) };
}

function isFinishedRun({ rules }: Context, given: Job, now: JobRow | undefined): boolean {
  return now !== undefined && rules.isFinished(now) && rules.sameRun(given, now);
}
