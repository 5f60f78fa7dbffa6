import { invalidOption } from '@jobsweep/core';

const DEFAULT_AT_MOST = 10_000;
const MAX_AT_MOST = 10_000_000;

/** How far counting goes. Throws `INVALID_OPTION` for a number out of its range. */
export function checkedAtMost(atMost: number = DEFAULT_AT_MOST): number {
  if (Number.isInteger(atMost) && atMost >= 1 && atMost <= MAX_AT_MOST) return atMost;
  throw invalidOption('atMost', atMost, `give a whole number from 1 to ${MAX_AT_MOST}`);
}
