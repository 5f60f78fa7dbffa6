import type { AllocationRow, JobRow } from '../cluster.js';
import { isFinished, isUnreleased, type JobAndAllocations, type Rules } from './rules.js';

/** What jobsweep did to a job between two looks at it, where the rules allow it. */
export type Explanation =
  | { readonly repair: 'nothing' | 'released' | 'stale' | 'stuck' | 'deleted' }
  /** Which of several strategies gave it back its row does not tell. */
  | { readonly repair: 'givenBack'; readonly by: readonly ('stale' | 'stuck')[] }
  | { readonly violation: string };

const EXIT_CODES = { stale: '-3:0', stuck: '-2:0' } as const;

/**
 * Explains what a job has become since the application left it, by the rules and nothing else: only jobsweep touched it
 * meanwhile.
 */
export function explain(rules: Rules, before: JobAndAllocations, now: JobAndAllocations): Explanation {
  if (before.job === undefined) return isSame(before, now) ? { repair: 'nothing' } : violation('came from nowhere');
  if (now.job === undefined) return explainDeletion(rules, before.job, now);
  if (!isSame(before.job, now.job)) return explainChange(rules, { before, now, was: before.job, is: now.job });
  if (isSame(before.allocations, now.allocations)) return { repair: 'nothing' };
  if (!isFinished(before.job)) return violation(`lost something although it is ${before.job.state}`);
  return areReleased(before.allocations, now.allocations) ? { repair: 'released' } : violation('holds something else');
}

function explainDeletion(rules: Rules, job: JobRow, now: JobAndAllocations): Explanation {
  if (!rules.isOldJob(job)) return violation(`was deleted although it is ${job.state} since ${job.endTime}`);
  return now.allocations.length === 0 ? { repair: 'deleted' } : violation('was deleted without its allocations');
}

/** A job that is there before and after, and not as it was. */
interface Change {
  readonly before: JobAndAllocations;
  readonly now: JobAndAllocations;
  readonly was: JobRow;
  readonly is: JobRow;
}

const explainChange = (rules: Rules, change: Change): Explanation =>
  change.is.state === 'PENDING' ? explainGivingBack(rules, change) : explainFailure(rules, change);

function explainFailure(rules: Rules, { before, now, was, is }: Change): Explanation {
  const { state, endTime, errorMsg, exitCode } = is;
  if (!isSame({ ...was, state, endTime, errorMsg, exitCode }, is) || state !== 'FAILED' || endTime === null) {
    return violation(`was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`);
  }
  if (!areReleased(before.allocations, now.allocations)) return violation('was failed, and holds something else');
  if (rules.isGivenBack(was)) return violation('was failed although it has tries left');
  if (exitCode === EXIT_CODES.stuck && rules.isStuck(was)) return { repair: 'stuck' };
  if (exitCode === EXIT_CODES.stale && rules.isStale(before)) return { repair: 'stale' };
  return violation(`was failed with ${exitCode} although it was ${was.state}`);
}

function explainGivingBack(rules: Rules, { before, now, was, is }: Change): Explanation {
  const tenant = String(Number(was.tenant ?? 0) + 1);
  if (!rules.isGivenBack(was) || !isSame({ ...was, state: 'PENDING', tenant }, is))
    return violation(`was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`);
  const isAllReleased = areReleased(before.allocations, now.allocations) && !now.allocations.some(isUnreleased);
  if (!isAllReleased) return violation('was given back, and still holds something');
  const by = [...(rules.isStuck(was) ? ['stuck' as const] : []), ...(rules.isStale(before) ? ['stale' as const] : [])];
  return by.length > 0 ? { repair: 'givenBack', by } : violation(`was given back although it was ${was.state}`);
}

/** Whether allocations are as they were, but for some that were released. */
function areReleased(before: readonly AllocationRow[], now: readonly AllocationRow[]): boolean {
  return (
    before.length === now.length &&
    before.every((was, index) => {
      const is = now[index];
      if (is === undefined || isSame(was, is)) return is !== undefined;
      const { releasedTime } = is;
      return isUnreleased(was) && releasedTime !== null && isSame({ ...was, status: 'RELEASED', releasedTime }, is);
    })
  );
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)]);
}

const violation = (what: string): Explanation => ({ violation: what });
