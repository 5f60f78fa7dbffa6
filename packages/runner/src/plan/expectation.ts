import { isJobsweepError, type Journal } from '@jobsweep/core';

/** How long a pass may take. */
export interface Expectation {
  readonly seconds: number;
  /**
   * `history`: at the rate of the last pass that did something. `reading`: from one look at a few rows just now, so it will
   * take at least so long.
   */
  readonly basis: 'history' | 'reading';
}

/** Passes that are looked at for a rate; old ones tell little. */
const RECENT = 5;

/** Says how long `due` rows may take: by the newest pass of the strategy that changed rows, else by `readMs`. */
export async function expectation(
  journal: Journal,
  strategy: string,
  due: number,
  readMs: number,
  signal: AbortSignal | undefined,
): Promise<Expectation> {
  const passes = await journal.read({ strategy, limit: RECENT, signal }).catch((error: unknown) => {
    if (isJobsweepError(error, 'NOT_INITIALIZED')) return [];
    throw error;
  });
  const pass = passes.find(({ itemsCleaned, durationMs }) => itemsCleaned > 0 && durationMs > 0);
  if (pass === undefined) return { seconds: readMs / 1000, basis: 'reading' };
  return { seconds: (due * pass.durationMs) / pass.itemsCleaned / 1000, basis: 'history' };
}
