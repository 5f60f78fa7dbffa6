import type { Journal } from '@jobsweep/core';
import { unlessHidden } from '../history/unless-hidden.js';

/** How long a pass may take. */
export interface Expectation {
  readonly seconds: number;
  /**
   * `history`: at the rate of the last pass that did something. `reading`: only from how long one page took to read just
   * now, so it will take longer.
   */
  readonly basis: 'history' | 'reading';
}

/** What there is to do, and what was measured of it. */
export interface Work {
  /** The name of the config. */
  readonly config: string;
  readonly strategy: string;
  readonly due: number;
  readonly batches: number;
  /** How long one page took to read. */
  readonly readMs: number;
  readonly pauseFraction: number;
  readonly maxRowsPerSecond: number;
}

/** Says how long a pass may take: by the newest one of the strategy that changed rows, else by reading alone. */
export async function expectation(journal: Journal, work: Work, signal: AbortSignal | undefined): Promise<Expectation> {
  const { config, strategy, due, batches, readMs, pauseFraction } = work;
  const atLeast = due / work.maxRowsPerSecond;
  const passes = await unlessHidden(journal.read({ config, strategy, repairedOnly: true, limit: 1, signal }));
  const pass = passes?.find(({ durationMs }) => durationMs > 0);
  if (pass === undefined) {
    return { seconds: Math.max(atLeast, (batches * readMs * (1 + pauseFraction)) / 1000), basis: 'reading' };
  }
  return { seconds: Math.max(atLeast, (due * pass.durationMs) / pass.itemsCleaned / 1000), basis: 'history' };
}
