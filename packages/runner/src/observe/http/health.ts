import type { RunnerStatus } from '../../status.js';

/** Whether a runner does its work, and why not. */
export interface Readiness {
  readonly isReady: boolean;
  /** `null` when it is ready. */
  readonly reason: string | null;
}

/** Ready: started, not stopping, and its database answered when it was last asked. */
export function readiness({ state, isReady, notReadyReason }: RunnerStatus): Readiness {
  if (state === 'idle') return { isReady: false, reason: 'The runner is not started' };
  if (state === 'stopping') return { isReady: false, reason: 'The runner is stopping' };
  return isReady
    ? { isReady: true, reason: null }
    : { isReady: false, reason: notReadyReason ?? 'The database has not answered yet' };
}

/** How late every planned turn must be before a runner in which nothing runs counts as hung. */
const HUNG_SECONDS = 300;

/**
 * Why the runner hangs; `null`: it does not. A turn that is long overdue waits for something that has no deadline. Otherwise
 * something runs, or the database is away, or at least one planned turn is not long late. One that is late by itself proves
 * nothing, as it may wait for others.
 */
export function hungReason({ state, isReady, strategies }: RunnerStatus, now: Date): string | null {
  const overdue = strategies.find(({ isOverdue }) => isOverdue);
  if (overdue !== undefined) {
    return `The turn of ${overdue.name} runs since ${overdue.runningSince?.toISOString()}, longer than its timeout allows`;
  }
  if (state !== 'running' || !isReady || strategies.some(({ isRunning }) => isRunning)) return null;
  const planned = strategies.flatMap(({ nextRunAt }) => (nextRunAt === null ? [] : [nextRunAt.getTime()]));
  const isLate = planned.length > 0 && Math.max(...planned) <= now.getTime() - HUNG_SECONDS * 1000;
  return isLate ? 'No turn has begun for minutes, although some are due' : null;
}
