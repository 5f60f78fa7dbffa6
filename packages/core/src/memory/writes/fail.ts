import type { Job } from '../../model.js';
import type { WriteOutcome } from '../../repository.js';
import type { Context } from '../context.js';
import type { MemorySession } from '../engine/session.js';
import { ageTime, ownHorizon, sameLimit } from '../filters.js';
import { idsOf } from '../rows/ids.js';
import { lockJobs } from './lock.js';
import { updateToFailed } from './update.js';

/** Fails the given jobs that are RUNNING, in the run they were read in, and have given no sign of life since. */
export async function failRunning(
  session: MemorySession,
  context: Context,
  jobs: readonly Job[],
  errorMsg: string,
  exitCode: string,
): Promise<WriteOutcome<Job>> {
  const { rules, filters } = context;
  const locked = await lockJobs(session, context, idsOf(jobs));
  const due = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    if (now === undefined || !rules.isRunning(now) || !rules.sameJob(job, now)) return false;
    const time = ageTime(filters, now);
    const horizon = ownHorizon(context, 'stuckHours', now);
    const isOverAge = horizon === null || rules.isBefore(time, horizon);
    return isOverAge && sameLimit(filters, 'stuckHours', job, now) && rules.sameHeartbeat(job, time);
  });
  return {
    changed: await updateToFailed(session, context, idsOf(due), errorMsg, exitCode),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id)),
  };
}
