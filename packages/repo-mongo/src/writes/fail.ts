import type { Job } from '@jobsweep/core';
import type { Mapping } from '../mapping/mapping.js';
import { sameLimit } from '../reads/limits.js';
import { nameOf, sameHeartbeat, sameJob, stateOf } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { currentJobs, jobRef } from './current.js';
import { updateToFailed } from './update.js';

const RULE = 'stuckHours';

/** Fails the given jobs that are RUNNING, in the run they were read in, and have given no sign of life since. */
export async function failRunning(
  session: OpenSession,
  mapping: Mapping,
  jobs: readonly Job[],
  errorMsg: string,
  exitCode: string,
): Promise<Job[]> {
  const current = await currentJobs(session, mapping, jobs.map(jobRef), RULE);
  const due = jobs.flatMap((job) => {
    const now = current.of(jobRef(job));
    if (now === undefined || stateOf(mapping, now) !== 'RUNNING') return [];
    const isDue =
      sameJob(mapping, job, now) && sameHeartbeat(mapping, job, now) && sameLimit(mapping, RULE, job.name, nameOf(now));
    return isDue ? [now] : [];
  });
  return updateToFailed(session, mapping, due, { errorMsg, exitCode, rule: RULE });
}
