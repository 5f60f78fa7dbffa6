import { PASS_CHARACTERS } from './own-columns.js';

/** A name for a turn that begins now. Those of later turns are greater, so that what is kept last is last in every index. */
export function newTurnName(now: bigint): string {
  const random = crypto.randomUUID().replaceAll('-', '');
  return `${clockOf(now)}${random}`.slice(0, PASS_CHARACTERS);
}

/** What nothing is above that is named after a turn that began until then. */
export const endOfTurnsUntil = (instant: bigint): string => clockOf(instant + 1000n);

/** In milliseconds, and of one length until the year 2527. */
const clockOf = (micros: bigint): string => (micros / 1000n).toString(16).padStart(11, '0');
