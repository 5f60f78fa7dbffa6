import { type CleanupStrategy, invalidOption } from '@jobsweep/core';
import { CronTimes } from './cron.js';
import { Interval } from './interval.js';
import type { Timetable } from './timetable.js';

/** How often a strategy has its turn. */
export type Schedule =
  /** Every so many seconds, above 0 and at most a million. */
  | { readonly intervalSeconds: number }
  /** At the times of a cron expression of five or six parts, in a time zone such as `Europe/Berlin`. Default: `UTC`. */
  | { readonly cron: string; readonly timeZone?: string };

const MAX_INTERVAL_SECONDS = 1_000_000;

/**
 * The timetable of each strategy, by name: its schedule, or else its own interval. Throws `INVALID_OPTION` for a schedule
 * that means nothing, or of a strategy that there is not.
 */
export function timetables(
  strategies: readonly Pick<CleanupStrategy<never>, 'name' | 'intervalSeconds'>[],
  schedules: Readonly<Record<string, Schedule>> = {},
): Map<string, Timetable> {
  const names = strategies.map(({ name }) => name);
  for (const [name, schedule] of Object.entries(schedules)) {
    if (!names.includes(name)) {
      throw invalidOption(`schedules.${name}`, schedule, `name one of the strategies, ${names.join(', ')}`);
    }
  }
  return new Map(
    strategies.map(({ name, intervalSeconds }) => [
      name,
      timetable(`schedules.${name}`, schedules[name] ?? { intervalSeconds }),
    ]),
  );
}

function timetable(field: string, schedule: Schedule): Timetable {
  if (!isObject(schedule) || 'cron' in schedule === 'intervalSeconds' in schedule) {
    throw invalidOption(field, schedule, 'give either { intervalSeconds } or { cron, timeZone }');
  }
  if ('cron' in schedule) return cronTimes(field, schedule);
  const { intervalSeconds } = schedule;
  if (typeof intervalSeconds !== 'number' || !(intervalSeconds > 0 && intervalSeconds <= MAX_INTERVAL_SECONDS)) {
    const fix = `give a number above 0 and at most ${MAX_INTERVAL_SECONDS}`;
    throw invalidOption(`${field}.intervalSeconds`, intervalSeconds, fix);
  }
  return new Interval(intervalSeconds);
}

function cronTimes(field: string, { cron, timeZone = 'UTC' }: { cron: string; timeZone?: string }): Timetable {
  if (!isTimeZone(timeZone)) {
    throw invalidOption(`${field}.timeZone`, timeZone, 'give the name of a time zone, such as Europe/Berlin');
  }
  const times = parsed(cron, timeZone);
  if (times === undefined || !times.comesEver()) {
    const fix = "give a cron expression that some day comes true, such as '0 3 * * *' for every day at three";
    throw invalidOption(`${field}.cron`, cron, fix);
  }
  return times;
}

function parsed(cron: string, timeZone: string): CronTimes | undefined {
  try {
    return new CronTimes(cron, timeZone);
  } catch {
    return undefined;
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
