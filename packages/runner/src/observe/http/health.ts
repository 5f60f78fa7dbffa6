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
 * Whether the runner's loop still turns: something runs, or the database is away, or at least one planned turn is not long
 * overdue. One that is late by itself proves nothing, as it may wait for others.
 */
export function isAlive({ state, isReady, strategies }: RunnerStatus, now: Date): boolean {
  if (state !== 'running' || !isReady || strategies.some(({ isRunning }) => isRunning)) return true;
  const planned = strategies.flatMap(({ nextRunAt }) => (nextRunAt === null ? [] : [nextRunAt.getTime()]));
  return planned.length === 0 || Math.max(...planned) > now.getTime() - HUNG_SECONDS * 1000;
}
