import {
  type Claim,
  type CleanupStore,
  type HistoryEntry,
  type Left,
  type Logger,
  type OperatorRequest,
  type PassCounts,
  type PassResult,
  type Pause,
  runPass,
  Undo,
} from '@jobsweep/core';
import { entryOf } from '../history/history.js';
import type { RunnerSettings } from '../settings.js';

/** What is taken back, and who asks for it. */
export interface UndoRequest extends Omit<OperatorRequest, 'strategy'> {
  /** The pass, as the history has it. */
  readonly entry: HistoryEntry & { readonly pass: string };
  /** Only what was changed of these jobs, and of what they hold. Default: all. */
  readonly jobs?: readonly string[] | undefined;
  /** What the history says of it. */
  readonly note: string;
  readonly logger: Logger;
  readonly onBatch?: (counts: PassCounts) => void;
}

/** What came of it. */
export interface UndoReport {
  readonly pass: PassResult;
  readonly left: readonly Left[];
  /** That keeps the strategy from doing the same again. */
  readonly pause: Pause;
}

/**
 * Takes back what a pass has changed, under the claim of its strategy, which is paused first and stays so. What is done is a
 * pass in the history, and what is left of it is done by the next one.
 *
 * @returns the holder of the turn, where it does not give it back for as long as a term is.
 */
export async function undo<Session>(
  store: CleanupStore<Session>,
  settings: RunnerSettings,
  { entry, jobs, note, logger, onBatch, ...operator }: UndoRequest,
): Promise<UndoReport | { readonly holder: string }> {
  const { strategy, pass: of } = entry;
  const { signal } = operator;
  const pause = await pausedFor(store, { ...operator, strategy });
  const claim = await claimedBy(store, settings, strategy, signal);
  if (!('pass' in claim)) return claim;
  const undoing = new Undo(store.changes, { pass: of, strategy, jobs });
  const pass = await runPass(store, undoing, {
    claim: { ...claim, place: null },
    signal,
    logger,
    timing: settings.timing,
    onBatch(counts) {
      undoing.settled();
      onBatch?.(counts);
    },
  });
  const kept = entryOf(settings, pass, note);
  const told = kept && { ...kept, stopReason: kept.stopReason === 'drained' ? ('undone' as const) : kept.stopReason };
  // It was no turn: the strategy goes on where its own last one ended.
  await store.claims.release(claim, { empty: false, unfinished: true, place: claim.place ?? null, entry: told });
  return { pass, left: undoing.left.list(), pause };
}

/** A pause without an end that stands is left as it is. */
async function pausedFor<Session>(
  { claims }: Pick<CleanupStore<Session>, 'claims'>,
  request: OperatorRequest,
): Promise<Pause> {
  const { config, strategy, signal } = request;
  const state = (await claims.list({ config, signal })).find((each) => each.strategy === strategy);
  if (state?.pause?.until === null) return state.pause;
  return claims.pause(request);
}

/** The turn of the strategy, once whoever has it gives it back: a pass that is paused does so after the batch in hand. */
async function claimedBy<Session>(
  { claims }: Pick<CleanupStore<Session>, 'claims'>,
  { name: config, holder, termSeconds, timing }: RunnerSettings,
  strategy: string,
  signal: AbortSignal | undefined,
): Promise<Claim | { readonly holder: string }> {
  const endMs = timing.nowMs() + (termSeconds + LOOK_SECONDS) * 1000;
  for (;;) {
    const answer = await claims.acquire({ config, strategy, holder, termSeconds, whilePaused: true, signal });
    if (answer.outcome === 'claimed') return answer.claim;
    if (timing.nowMs() >= endMs) return { holder: answer.outcome === 'held' ? answer.holder : 'unknown' };
    await timing.sleep(LOOK_SECONDS * 1000, signal);
  }
}

const LOOK_SECONDS = 1;
