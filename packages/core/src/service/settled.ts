import type { ClaimState, TurnProgress } from './claims.js';
import type { PassEntry } from './journal.js';

/** What the history says of a pass whose runner did not live to tell. Whoever shows it may say it in another language. */
export const ABANDONED_NOTE = 'Its runner never gave the turn back: this is what it had committed';

/** A turn that nobody has begun, or that has not committed anything yet. */
export const NO_PROGRESS: TurnProgress = {
  itemsCleaned: 0,
  itemsFound: 0,
  itemsContended: 0,
  itemsPassedOver: 0,
  itemsBlocked: 0,
  batches: 0,
};

/**
 * For adapters: a pass as the history keeps it, given what its turn's own row says. The row has a batch just when the batch
 * is there, so a commit whose answer was lost is unknown no longer.
 */
export function settledEntry(entry: PassEntry, progress: TurnProgress): PassEntry {
  const committed = progress.batches > entry.batches ? progress : {};
  return { ...entry, ...committed, itemsUnknown: 0 };
}

/**
 * For adapters: the pass of a turn that was never given back, as far as its row tells it; `undefined` when it had committed
 * nothing. `seconds` from its beginning to its last batch.
 */
export function abandonedEntry(
  { config, strategy, holder }: Pick<ClaimState, 'config' | 'strategy' | 'holder'>,
  progress: TurnProgress,
  seconds: number,
): PassEntry | undefined {
  if (holder === null || progress.batches === 0) return undefined;
  return {
    ...progress,
    config,
    strategy,
    holder,
    status: 'done',
    stopReason: 'claimLost',
    durationMs: Math.max(0, seconds * 1000),
    itemsUnknown: 0,
    blocked: [],
    error: null,
    // A runner's name begins with that of its machine.
    host: holder.split(':')[0] ?? holder,
    note: ABANDONED_NOTE,
  };
}
