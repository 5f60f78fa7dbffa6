import type { Job } from '../model.js';
import type { CleanupRepository, WriteOptions, WriteOutcome } from '../repository.js';

/** Fails jobs, and then releases what they hold: of one that holds more than may be released together, a part. */
export async function thenRelease<Session>(
  repository: CleanupRepository<Session>,
  session: Session,
  { onOutcome, ...options }: WriteOptions<Job>,
  fail: (options: WriteOptions<Job>) => Promise<Job[]>,
): Promise<Job[]> {
  const outcomes: WriteOutcome<Job>[] = [];
  const failed = await fail({ ...options, onOutcome: (outcome) => outcomes.push(outcome) });
  const finished = failed.filter(({ state }) => state !== 'PENDING');
  const left = await releaseSome(repository, session, finished, { ...options, justFinished: true });
  for (const outcome of outcomes) {
    const rest = [...(outcome.rest ?? []), ...left];
    onOutcome?.({ ...outcome, ...(rest.length > 0 && { rest }) });
  }
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
