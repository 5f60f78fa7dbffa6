import type { Job, WriteOutcome } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { lockJobs } from './lock.js';
import { updateToFailed } from './update.js';

/** Fails the given jobs that are RUNNING, in the run they were read in. */
export async function failRunning(
  session: PgTransaction,
  now: string,
  jobs: readonly Job[],
  errorMsg: string,
  exitCode: string,
): Promise<WriteOutcome<Job>> {
  const { locked, held } = await lockJobs(session, jobs, 'running, as it was read');
  const ids = locked.map(({ id }) => id);
  const failed = await updateToFailed(session, now, ids, errorMsg, exitCode);
  return { changed: ids.flatMap((id) => failed.get(id) ?? []), contended: held };
}
