import type { Job, WriteOutcome } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { idsOf } from '../rows/ids.js';
import { sameJob, stateOf } from '../rows/job-row.js';
import type { Tables } from '../rows/tables.js';
import { lockJobs } from './lock.js';
import { updateToFailed } from './update.js';

/** Fails the given jobs that are RUNNING, in the run they were read in. */
export async function failRunning(
  session: SqlSession,
  tables: Tables,
  jobs: readonly Job[],
  errorMsg: string,
  exitCode: string,
): Promise<WriteOutcome<Job>> {
  const locked = await lockJobs(session, tables, idsOf(jobs));
  const due = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    return now !== undefined && stateOf(tables, now) === 'RUNNING' && sameJob(tables, job, now);
  });
  return {
    changed: await updateToFailed(session, tables, idsOf(due), errorMsg, exitCode),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id)),
  };
}
