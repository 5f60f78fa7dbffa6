import type { RunnerTiming } from './timing.js';

const FIRST_MS = 500;
const MAX_MS = 30_000;

/**
 * How long to wait before something is tried again: half a second after the first time, which is attempt 0, twice as long
 * after each other one, up to half a minute, and each time somewhere between half of that and all of it.
 */
export function backoffMs(attempt: number, { random }: Pick<RunnerTiming, 'random'>): number {
  const longest = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return longest * (0.5 + random() / 2);
}
