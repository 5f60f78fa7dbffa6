import type { ClaimState } from '@jobsweep/core';
import { Cron } from 'croner';
import { isUnfinished } from '../connection/open-turns.js';

/** When a strategy runs. */
export type ShownSchedule =
  | { readonly intervalSeconds: number; readonly cron: null; readonly timeZone: null }
  | { readonly intervalSeconds: null; readonly cron: string; readonly timeZone: string };

/** By the schedule that it was given, or else by its own interval. */
export function scheduleOf(
  { intervalSeconds }: { readonly intervalSeconds: number },
  given: { readonly cron?: string | undefined; readonly timeZone?: string | undefined },
): ShownSchedule {
  const { cron, timeZone = 'UTC' } = given;
  if (cron !== undefined) return { intervalSeconds: null, cron, timeZone };
  return { intervalSeconds, cron: null, timeZone: null };
}

/** When the next turn is due, given what is known of the last one. `null`: as soon as a runner is there. */
export function nextTurn(schedule: ShownSchedule, claim: ClaimState | null, now: Date): Date | null {
  if (claim !== null && isUnfinished(claim)) return now;
  if (schedule.cron !== null)
    return new Cron(schedule.cron, { timezone: schedule.timeZone, paused: true }).nextRun(now);
  const last = claim?.startedAt ?? null;
  return last === null ? null : new Date(last.getTime() + schedule.intervalSeconds * 1000);
}
