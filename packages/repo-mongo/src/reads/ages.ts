import { invalidOption, type Rule } from '@jobsweep/core';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MAX_AGE_MS = 100 * 365 * DAY_MS;

/** An age limit in milliseconds. Throws `INVALID_OPTION` for one that is none. */
export const minutesMs = (maxAgeMinutes: number) => millis('maxAgeMinutes', maxAgeMinutes, MINUTE_MS);
export const hoursMs = (maxAgeHours: number) => millis('maxAgeHours', maxAgeHours, HOUR_MS);
export const daysMs = (maxAgeDays: number) => millis('maxAgeDays', maxAgeDays, DAY_MS);

/** The age limit of a rule in milliseconds; 0 for the one that looks at no age. Throws as above. */
export function maxAgeMsOf(rule: Rule): number {
  switch (rule.name) {
    case 'completed_job_cleanup':
      return 0;
    case 'stale_reservation_cleanup':
      return minutesMs(rule.maxAgeMinutes);
    case 'stuck_job_cleanup':
      return hoursMs(rule.maxAgeHours);
    case 'old_job_cleanup':
      return daysMs(rule.maxAgeDays);
  }
}

function millis(field: string, age: number, unitMs: number): number {
  const max = Math.floor(MAX_AGE_MS / unitMs);
  if (age > 0 && age <= max) return age * unitMs;
  throw invalidOption(field, age, `give a number above 0 and at most ${max}`);
}
