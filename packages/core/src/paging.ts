import { invalidOption } from './errors.js';

/** How far a look at all rows counts. Throws `INVALID_OPTION` for a number out of its range. */
export function checkedAtMost(atMost = 10_000): number {
  requireRows('atMost', atMost, 10_000_000);
  return atMost;
}

/** Throws `INVALID_OPTION` for a bound that is no number of rows: some libraries would leave it out and read them all. */
export function requireRows(field: string, rows: number | undefined, max = Number.MAX_SAFE_INTEGER): void {
  if (rows === undefined || (Number.isSafeInteger(rows) && rows > 0 && rows <= max)) return;
  throw invalidOption(
    field,
    rows,
    `give a whole number from 1 ${max === Number.MAX_SAFE_INTEGER ? 'on' : `to ${max}`}`,
  );
}
