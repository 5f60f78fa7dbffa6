import type { Job } from '../../model.js';
import type { WriteOutcome } from '../../repository.js';
import type { Context } from '../context.js';
import type { MemorySession } from '../engine/session.js';
import { ownHorizon, sameLimit } from '../filters.js';
import { idsOf } from '../rows/ids.js';
import { lockAllocationsOfJobs, lockJobs } from './lock.js';

/** Deletes the given jobs that are finished as they were read and hold nothing, after their released allocations. */
export async function deleteFinished(
  session: MemorySession,
  context: Context,
  jobs: readonly Job[],
): Promise<WriteOutcome<Job>> {
  const { rules, filters } = context;
  const locked = await lockJobs(session, context, idsOf(jobs));
  const candidates = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    if (now === undefined || !rules.isFinished(now) || !rules.sameJob(job, now)) return false;
    const horizon = ownHorizon(context, 'oldDays', now);
    return sameLimit(filters, 'oldDays', job, now) && (horizon === null || rules.isBefore(now.endTime, horizon));
  });

  const held = await lockAllocationsOfJobs(session, idsOf(candidates));
  const due = candidates.filter(({ id }) => {
    const allocations = held.ofJob.get(id) ?? [];
    return !held.heldByOthers.has(id) && allocations.every((row) => rules.isReleased(row));
  });
  const children = idsOf(due.flatMap(({ id }) => held.ofJob.get(id) ?? []));
  await session.delete('allocations', (row) => children.has(row.id) && rules.isReleased(row));
  const jobIds = idsOf(due);
  const deleted = new Set(await session.delete('jobs', (job) => jobIds.has(job.id) && rules.isFinished(job)));
  return {
    changed: due.filter(({ id }) => deleted.has(id)),
    holding: candidates.filter(({ id }) => held.ofJob.get(id)?.some((row) => !rules.isReleased(row)) ?? false),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id) || held.heldByOthers.has(id)),
  };
}
