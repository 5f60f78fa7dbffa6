import { Cron } from 'croner';
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

/** When the next turn is due, given when the last one began. `null`: as soon as a runner is there. */
export function nextTurn(schedule: ShownSchedule, last: Date | null, now: Date): Date | null {
  if (schedule.cron !== null)
    return new Cron(schedule.cron, { timezone: schedule.timeZone, paused: true }).nextRun(now);
  return last === null ? null : new Date(last.getTime() + schedule.intervalSeconds * 1000);
}
