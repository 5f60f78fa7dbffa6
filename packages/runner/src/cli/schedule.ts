import type { ClaimState } from '@jobsweep/core';
import { Cron } from 'croner';
import { isUnfinished } from '../connection/open-turns.js';
import { interval } from '../words/numbers.js';
import type { Words } from '../words/words.js';
import type { StrategyConfig } from './config/config.js';

/** When a strategy runs. */
export type ShownSchedule =
  | { readonly intervalSeconds: number; readonly cron: null; readonly timeZone: null }
  | { readonly intervalSeconds: null; readonly cron: string; readonly timeZone: string };

export function scheduleOf(
  { intervalSeconds }: { readonly intervalSeconds: number },
  config: StrategyConfig,
): ShownSchedule {
  const { cron, timeZone = 'UTC' } = config;
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

/** `every 5 s`, `0 3 * * * UTC`. */
export const scheduleInWords = (schedule: ShownSchedule, time: Words['time']): string =>
  schedule.cron === null
    ? time.every(interval(schedule.intervalSeconds, time))
    : `${schedule.cron} ${schedule.timeZone}`;
