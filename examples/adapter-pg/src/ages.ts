import { type Clock, invalidOption } from '@jobsweep/core';

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const MAX_AGE_SECONDS = 100 * 365 * DAY;

/** The database's clock at the start of the statement: the same for every row, and comparable by an index. */
export function nowOf(clock: Clock | undefined): string {
  return clock === undefined ? 'statement_timestamp()' : `'${clock.now().toISOString()}'::timestamptz`;
}

/** An age, given under its name, in seconds. */
export function seconds(given: Readonly<Record<string, number>>, unitSeconds: number): number {
  const [[field, age] = ['', 0]] = Object.entries(given);
  const max = Math.floor(MAX_AGE_SECONDS / unitSeconds);
  if (Number.isFinite(age) && age > 0 && age <= max) return age * unitSeconds;
  throw invalidOption(field, age, `give a number above 0 and at most ${max}`);
}
