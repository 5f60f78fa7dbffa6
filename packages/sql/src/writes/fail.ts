import type { Job, WriteOutcome } from '@jobsweep/core';
import { sameLimit } from '../filters/limits.js';
import type { SqlSession } from '../library.js';
import { idsOf } from '../rows/ids.js';
import { sameHeartbeat, sameJob, stateOf } from '../rows/job-row.js';
import type { Tables } from '../rows/tables.js';
import { lockJobs } from './lock.js';
import { updateToFailed } from './update.js';

/** Fails the given jobs that are RUNNING, in the run they were read in, and have given no sign of life since. */
export async function failRunning(
  session: SqlSession,
  tables: Tables,
  jobs: readonly Job[],
  errorMsg: string,
  exitCode: string,
): Promise<WriteOutcome<Job>> {
  const locked = await lockJobs(session, tables, idsOf(jobs), 'stuckHours');
  const due = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    if (now === undefined || stateOf(tables, now) !== 'RUNNING') return false;
    return sameJob(tables, job, now) && sameHeartbeat(job, now) && sameLimit(tables, 'stuckHours', job.name, now.jname);
  });
  return {
    changed: await updateToFailed(session, tables, idsOf(due), { errorMsg, exitCode, rule: 'stuckHours' }),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id)),
  };
}
