import {
  type Claim,
  type CleanupRow,
  type CleanupStore,
  type CleanupStrategy,
  type Logger,
  type OperatorRequest,
  type PassCounts,
  type PassResult,
  type Pause,
  runPass,
} from '@jobsweep/core';
import { entryOf } from '../history/history.js';
import type { RunnerSettings } from '../settings.js';

/** Who asks for it, and what is to be said of it. */
export interface OperatorPassRequest extends Omit<OperatorRequest, 'strategy'> {
  /** What the history says of it. */
  readonly note: string;
  readonly logger: Logger;
  readonly onBatch?: (counts: PassCounts) => void;
  /** The strategy is paused, and stays so whatever comes. */
  readonly onPaused?: () => void;
  /** Another one has the turn, which is waited for. */
  readonly onWait?: ((wait: TurnWait) => void) | undefined;
}

/** Whose turn is waited for, and for how long at most. */
interface TurnWait {
  readonly holder: string;
  readonly atMostSeconds: number;
}

/** What came of it. */
export interface OperatorPass {
  readonly pass: PassResult;
  /** That keeps the strategy from doing the same again. */
  readonly pause: Pause;
}

/**
 * Runs a pass that puts something back, under the claim of the strategy that did it, which is paused first and stays so. What
 * is done is a pass in the history, and what is left of it is done by the next one.
 *
 * @param as what the history calls it, if it came to its end.
 * @returns the holder of the turn, where it does not give it back for as long as a term is.
 */
export async function operatorPass<Session, Row extends CleanupRow>(
  store: CleanupStore<Session>,
  settings: RunnerSettings,
  work: CleanupStrategy<Session, Row> & { readonly settled: () => void },
  as: 'undone' | 'restored',
  { note, logger, onBatch, onPaused, onWait, ...operator }: OperatorPassRequest,
): Promise<OperatorPass | { readonly holder: string }> {
  const { name: strategy } = work;
  const { signal } = operator;
  const pause = await pausedFor(store, { ...operator, strategy });
  onPaused?.();
  const claim = await claimedBy(store, settings, strategy, { onWait, signal });
  if (!('pass' in claim)) return claim;
  const pass = await runPass(store, work, {
    claim: { ...claim, place: null },
    signal,
    logger,
    timing: settings.timing,
    onBatch(counts) {
      work.settled();
      onBatch?.(counts);
    },
  });
  const kept = entryOf(settings, pass, note);
  const stopReason = kept?.stopReason === 'drained' ? as : kept?.stopReason;
  const told = kept && stopReason && { ...kept, stopReason, holder: operator.by, host: operator.host };
  // It was no turn: the strategy goes on where its own last one ended.
  await store.claims.release(claim, { empty: false, unfinished: true, place: claim.place ?? null, entry: told });
  return { pass, pause };
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
  { signal, onWait }: { readonly signal?: AbortSignal | undefined; readonly onWait?: OperatorPassRequest['onWait'] },
): Promise<Claim | { readonly holder: string }> {
  const atMostSeconds = termSeconds + LOOK_SECONDS;
  const endMs = timing.nowMs() + atMostSeconds * 1000;
  for (let isTold = false; ; isTold = true) {
    const answer = await claims.acquire({ config, strategy, holder, termSeconds, whilePaused: true, signal });
    if (answer.outcome === 'claimed') return answer.claim;
    const other = { holder: answer.outcome === 'held' ? answer.holder : 'unknown' };
    if (timing.nowMs() >= endMs) return other;
    if (!isTold) onWait?.({ ...other, atMostSeconds });
    await timing.sleep(LOOK_SECONDS * 1000, signal);
  }
}

const LOOK_SECONDS = 1;
