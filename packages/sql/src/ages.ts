import { invalidOption, type Rule } from '@jobsweep/core';

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const MAX_AGE_SECONDS = 100 * 365 * DAY;

/** An age limit in seconds. Throws `INVALID_OPTION` for one that is no age. */
export function ageSeconds(field: string, age: number, unitSeconds: number): number {
  const max = Math.floor(MAX_AGE_SECONDS / unitSeconds);
  if (age > 0 && age <= max) return age * unitSeconds;
  throw invalidOption(field, age, `give a number above 0 and at most ${max}`);
}

/** The age limit of a rule in seconds; 0 for the one that has none. */
export function ageOf(rule: Rule): number {
  switch (rule.name) {
    case 'completed_job_cleanup':
      return 0;
    case 'stale_reservation_cleanup':
      return ageSeconds('maxAgeMinutes', rule.maxAgeMinutes, MINUTE);
    case 'stuck_job_cleanup':
      return ageSeconds('maxAgeHours', rule.maxAgeHours, HOUR);
    case 'old_job_cleanup':
      return ageSeconds('maxAgeDays', rule.maxAgeDays, DAY);
  }
}
