import type { Job } from '../model.js';
import type { CleanupRepository, WriteOptions, WriteOutcome } from '../repository.js';

/** Fails jobs, and then releases what they hold: of one that holds more than may be released together, a part. */
export async function failAndRelease<Session>(
  repository: CleanupRepository<Session>,
  session: Session,
  jobs: readonly Job[],
  { errorMsg, exitCode }: { readonly errorMsg: string; readonly exitCode: string },
  { onOutcome, ...options }: WriteOptions<Job>,
): Promise<Job[]> {
  const outcomes: WriteOutcome<Job>[] = [];
  const noting = { ...options, onOutcome: (outcome: WriteOutcome<Job>) => outcomes.push(outcome) };
  const failed = await repository.markJobsAsFailed(session, jobs, errorMsg, exitCode, noting);
  const rest = await releaseSome(repository, session, failed, { ...options, justFinished: true });
  for (const outcome of outcomes) onOutcome?.({ ...outcome, ...(rest.length > 0 && { rest }) });
  return failed;
}

/** Releases what finished jobs hold. Returns the ids of those that hold more than may be released together. */
export async function releaseSome<Session>(
  repository: CleanupRepository<Session>,
  session: Session,
  jobs: readonly Job[],
  options: Omit<WriteOptions<Job>, 'onOutcome'>,
): Promise<readonly string[]> {
  let left: readonly string[] = [];
  const onOutcome = ({ rest = [] }: WriteOutcome<unknown>) => {
    left = rest;
  };
  await repository.releaseResourcesForJobs(session, jobs, { ...options, onOutcome });
  return left;
}
