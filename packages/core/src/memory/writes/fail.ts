import type { Job } from '../../model.js';
import type { WriteOutcome } from '../../repository.js';
import type { Context } from '../context.js';
import type { MemorySession } from '../engine/session.js';
import { ageTime, isCovered } from '../filters.js';
import { idsOf } from '../rows/ids.js';
import { lockJobs } from './lock.js';
import { updateToFailed } from './update.js';

/** Fails the given jobs that are RUNNING, in the run they were read in. */
export async function failRunning(
  session: MemorySession,
  context: Context,
  jobs: readonly Job[],
  errorMsg: string,
  exitCode: string,
): Promise<WriteOutcome<Job>> {
  const { rules, filters } = context;
  const locked = await lockJobs(session, idsOf(jobs));
  const due = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    if (now === undefined || !isCovered(filters, now)) return false;
    return rules.isRunning(now) && rules.sameJob(job, now) && !rules.isYounger(job, ageTime(filters, now));
  });
  return {
    changed: await updateToFailed(session, context, idsOf(due), errorMsg, exitCode),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id)),
  };
}
