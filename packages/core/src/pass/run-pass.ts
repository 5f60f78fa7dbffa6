import { asError, invalidOption, isJobsweepError, retryOf, throwIfAborted } from '../errors.js';
import type { StoreInspection } from '../inspection/inspection.js';
import type { Logger } from '../logger.js';
import type { CleanupRow } from '../model.js';
import type { CleanupStore } from '../store.js';
import type { CleanupStrategy } from '../strategies/strategy.js';
import { Batches } from './batches.js';
import { Budget } from './budget.js';
import { HeldTurn } from './held-turn.js';
import { Host } from './host.js';
import { Pace } from './pace.js';
import { placeText } from './place.js';
import { refusedRows, rowsNamed } from './refused.js';
import { Repairs } from './repairs.js';
import type { PassResult, StopReason } from './result.js';
import { type PassOptions, type PassSettings, passSettings } from './settings.js';
import { Tally } from './tally.js';

/** What a pass needs of a store: its claims only where it runs under one, and `inspect` where its probe is a text. */
export type PassStore<Session> = Pick<CleanupStore<Session>, 'transaction'> &
  Partial<Pick<CleanupStore<Session>, 'claims'>> & {
    readonly inspect?: Pick<StoreInspection, 'measure'>;
  };

/**
 * Runs one pass of a strategy: the check, then page after page, each found and repaired in one transaction, until
 * nothing is due or a bound is reached. Progress made is kept whatever ends it; the next pass goes on, from `place` of the
 * result where it is given that or the claim of the next turn.
 *
 * Resolves also when the pass failed or was aborted: `status`, `stopReason` and `error` say so. Throws only
 * `INVALID_OPTION`, before anything else. What a callback or the logger throws breaks nothing.
 *
 * @example
 * const result = await runPass(store, new StuckJobCleanupStrategy(store.repository), { batchRows: 500 });
 * console.log(result.itemsCleaned, result.stopReason);
 */
export async function runPass<Session, Row extends CleanupRow>(
  store: PassStore<Session>,
  strategy: CleanupStrategy<Session, Row>,
  options: PassOptions<Row, Session> = {},
): Promise<PassResult> {
  const settings = passSettings(strategy.metadata.timeoutSeconds, options, store.inspect);
  const { signal, stopSignal, timing, logger } = settings;
  const turn = turnOf(store, settings);
  const startedMs = timing.nowMs();
  const tally = new Tally();
  const budget = new Budget(settings, startedMs);
  const hooks = [...(strategy.hooks === undefined ? [] : [strategy.hooks]), options];
  const host = new Host(strategy.name, hooks, budget, signal);
  const pace = new Pace(strategy.name, settings, budget);
  const repairs = new Repairs(store, turn, strategy, settings, budget, pace, tally, host);
  const batches = new Batches(store, strategy, settings, budget, pace, tally, host, repairs);
  const end = (status: PassResult['status'], stopReason: StopReason, error?: Error) =>
    tally.result({
      name: strategy.name,
      status,
      stopReason,
      durationMs: timing.nowMs() - startedMs,
      waitedMs: pace.waitedMs,
      batchRows: pace.size.rows,
      place: isAtEnd(stopReason, error) ? null : placeText(repairs.place),
      ...(error && { error }),
    });

  let result: PassResult;
  try {
    throwIfAborted(signal);
    throwIfAborted(stopSignal);
    const check = { signal, readOnly: true, timeoutSeconds: budget.secondsLeft() };
    const look = () => store.transaction((session) => strategy.before(session, { signal }), check);
    const hasCheck = strategy.hasCheck ?? true;
    const due = !hasCheck || (await (turn === undefined ? look() : turn.during(look)));
    const stopReason = due ? await batches.drain() : 'drained';
    if (tally.counts().itemsFound === 0 && stopReason === 'drained') return end('skipped', stopReason);
    result = end('done', stopReason);
  } catch (error) {
    const stopReason = budget.isTimeout(error) ? 'timeout' : interruptionOf(error);
    if (stopReason === undefined) result = end('failed', 'failed', asError(error));
    else result = end('done', stopReason, stopReason === 'claimLost' ? asError(error) : undefined);
  }
  try {
    sayWhatWasLeft(result, logger);
    const after = async () => strategy.after(result);
    await (turn === undefined ? after() : turn.during(after));
  } catch (error) {
    return { ...result, status: 'failed', error: asError(error) };
  }
  return result;
}

/** The claim that the pass runs under, if it does. */
function turnOf<Session>(
  { transaction, claims }: PassStore<Session>,
  { claim, timing, signal }: Pick<PassSettings, 'claim' | 'timing' | 'signal'>,
): HeldTurn<Session> | undefined {
  if (claim === undefined) return undefined;
  if (claims === undefined) throw invalidOption('claim', claim.strategy, 'give a store with claims, or no claim');
  return new HeldTurn({ transaction, claims }, claim, timing, signal);
}

/** Whether there is nothing to go on from: the pass came round, or failed with what the next one would fail with there too. */
const isAtEnd = (stopReason: StopReason, error: Error | undefined): boolean =>
  ['drained', 'blocked'].includes(stopReason) || (stopReason === 'failed' && retryOf(error) === 'never');

/** Errors that end a pass without its having failed. */
function interruptionOf(error: unknown): StopReason | undefined {
  if (isJobsweepError(error, 'ABORTED')) return 'aborted';
  return isJobsweepError(error, 'CLAIM_LOST') ? 'claimLost' : undefined;
}

function sayWhatWasLeft(result: PassResult, logger: Logger): void {
  const { name, itemsContended, itemsHolding, itemsUnconfirmed, itemsUnknown } = result;
  if (itemsContended > 0) logger.info(`[${name}] Left ${itemsContended} rows that others hold to the next pass`);
  if (itemsHolding > 0) logger.info(`[${name}] Left ${itemsHolding} jobs that still hold allocations or are kept`);
  if (itemsUnconfirmed > 0) logger.info(`[${name}] Left ${itemsUnconfirmed} rows that the host did not confirm`);
  for (const refused of refusedRows(result)) {
    const why = refused.constraint === null ? '' : ` (${refused.constraint})`;
    logger.warn(`[${name}] ${rowsNamed(refused)} cannot be repaired${why}: ${refused.message}`);
  }
  if (result.stopReason === 'claimLost') logger.warn(`[${name}] Stopped: ${result.error?.message}`);
  if (result.itemsBlocked > result.blocked.length) {
    logger.warn(`[${name}] ${result.itemsBlocked} rows in all cannot be repaired`);
  }
  if (itemsUnknown > 0)
    logger.warn(`[${name}] The commit of ${itemsUnknown} rows was lost: they may be repaired or not`);
}
