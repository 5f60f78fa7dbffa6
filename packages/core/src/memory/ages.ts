import { invalidOption } from '../errors.js';

const MAX_AGE_DAYS = 36_500;

/** Throws `INVALID_OPTION` for an age limit that is none. */
export function checkAge(field: string, age: number, unitsPerDay: number): void {
  const max = MAX_AGE_DAYS * unitsPerDay;
  if (!(age > 0 && age <= max)) throw invalidOption(field, age, `give a number above 0 and at most ${max}`);
}
