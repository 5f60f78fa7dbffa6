import type { CleanupStore, CleanupStrategy, PassResult } from '@jobsweep/core';

/** Counting stops here. */
const COUNT_AT_MOST = 10_000;

/**
 * How many jobs a purge cannot delete, since they still hold something: its pass never sees them. `undefined`: the strategy
 * deletes nothing.
 */
export async function countHolding(
  { inspect }: Pick<CleanupStore<never>, 'inspect'>,
  { rule }: Pick<CleanupStrategy<never>, 'rule'>,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (rule?.name !== 'old_job_cleanup') return undefined;
  return (await inspect.totals(rule, { atMost: COUNT_AT_MOST, holding: true, signal })).holding;
}

/** Whether a pass came to the end of what it could change, and did something: then it is worth to say what stays. */
export const hasCleared = ({ itemsCleaned, stopReason }: PassResult): boolean =>
  itemsCleaned > 0 && (stopReason === 'drained' || stopReason === 'blocked');
