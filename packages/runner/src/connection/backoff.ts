import type { RunnerTiming } from '../timing.js';

const FIRST_MS = 500;
/** With the way to the first turn, what waits for a database goes on at most 10 s after that can work again. */
const MAX_MS = 8000;

/**
 * How long to wait before something is tried again: half a second after the first time, which is attempt 0, twice as long
 * after each other one, up to 8 seconds, and each time somewhere between half of that and all of it.
 */
export function backoffMs(attempt: number, { random }: Pick<RunnerTiming, 'random'>): number {
  const longest = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return longest * (0.5 + random() / 2);
}
