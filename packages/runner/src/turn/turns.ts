import {
  asError,
  type Claim,
  type CleanupStore,
  type CleanupStrategy,
  errorText,
  isJobsweepError,
  isWorthWaitingFor,
  type Logger,
  type PassResult,
  retryOf,
  runPass,
  type TurnOutcome,
} from '@jobsweep/core';
import { Breaker } from '../breaker/breaker.js';
import type { BreakerLimits } from '../breaker/limits.js';
import type { Coordination } from '../connection/coordination.js';
import type { DatabaseClock } from '../connection/database-clock.js';
import type { Readiness } from '../connection/readiness.js';
import { History } from '../history/history.js';
import type { RunnerOptions } from '../options.js';
import type { RunnerSettings } from '../settings.js';
import type { Emitter } from './emitter.js';
import { followSignals } from './follow-signals.js';
import { passCallbacks } from './pass-events.js';
import type { StrategyReport } from './report.js';
import type { Turn } from './turn.js';

/** What turns are made of. */
export interface TurnsParts<Session> {
  readonly options: RunnerOptions<Session>;
  readonly settings: RunnerSettings;
  readonly breakers: ReadonlyMap<string, Required<BreakerLimits>>;
  readonly coordination: Coordination;
  readonly clock: DatabaseClock;
  readonly readiness: Readiness;
  readonly emitter: Emitter;
  readonly logger: Logger;
}

/** How one turn is taken. */
export interface TurnRequest {
  /** As in `ClaimRequest`, by the database's clock. */
  readonly notWithinSeconds: number;
  readonly overrideBreaker: boolean;
  /** Ends the turn at once. */
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Ends it after the batch in hand. */
  readonly stopSignal: AbortSignal;
}

/** What a turn came to, for whoever plans the next one. */
export interface TurnEnd {
  readonly report: StrategyReport;
  /**
   * What kept it from being done, so that it is still to be taken: the database could not be reached or could not do it, or
   * the claim lapsed on the way. `undefined`: it was taken.
   */
  readonly lostTo: unknown;
  /** When to ask again, where another runner had it. */
  readonly againInSeconds: number | undefined;
}

/** Takes the turns of strategies: a claim where turns are claimed, the pass, and what there is to tell of it. */
export class Turns<Session> {
  /** How the last turn of each strategy ended. Those that others had are not among them. */
  readonly last = new Map<string, StrategyReport>();
  /** Since when they run, in milliseconds of `timing.nowMs`. */
  private readonly running = new Map<string, number>();
  /** Turns that could not be given back while the database was away, by strategy. */
  private readonly owed = new Map<string, { readonly claim: Claim; readonly outcome: TurnOutcome }>();
  private readonly store: CleanupStore<Session>;
  private readonly history: History;

  constructor(private readonly parts: TurnsParts<Session>) {
    this.store = parts.options.store;
    this.history = new History(this.store.journal, parts.settings);
  }

  /** How long the turn of a strategy has been running; `null`: it does not. */
  runningMs(name: string): number | null {
    const sinceMs = this.running.get(name);
    return sinceMs === undefined ? null : this.parts.settings.timing.nowMs() - sinceMs;
  }

  /** Never rejects. A strategy has one turn at a time: `claimed` when it has one already. */
  async take(strategy: CleanupStrategy<Session>, request: TurnRequest): Promise<TurnEnd> {
    const { name } = strategy;
    if (this.running.has(name)) {
      return this.end(strategy, { status: 'claimed', reason: this.parts.settings.words.busy }, 1);
    }
    this.running.set(name, this.parts.settings.timing.nowMs());
    const hard = followSignals(...request.signals);
    const soft = followSignals(request.stopSignal);
    try {
      const signals = { signal: hard.signal, stopSignal: soft.signal };
      return await this.begin(strategy, request, signals);
    } catch (error) {
      if (isJobsweepError(error, 'ABORTED')) {
        return this.end(strategy, { status: 'aborted', reason: this.parts.settings.words.stoppedAsking });
      }
      this.failed(name, error);
      const turn: Turn = { status: 'failed', reason: errorText(error), error: asError(error) };
      return this.end(strategy, turn, undefined, isPassing(error) ? error : undefined);
    } finally {
      hard.dispose();
      soft.dispose();
      this.running.delete(name);
    }
  }

  /** Says that a strategy had no turn, and why. */
  skip(strategy: CleanupStrategy<Session>, turn: Turn): TurnEnd {
    return this.end(strategy, turn);
  }

  private async begin(
    strategy: CleanupStrategy<Session>,
    request: TurnRequest,
    signals: PassSignals,
  ): Promise<TurnEnd> {
    const { coordination, settings, clock, readiness } = this.parts;
    if (!coordination.mustClaim) return this.pass(strategy, request, signals, undefined);
    await this.giveBackOwed(strategy.name);
    const answer = await this.store.claims.acquire({
      config: settings.name,
      strategy: strategy.name,
      holder: settings.holder,
      termSeconds: settings.termSeconds,
      notWithinSeconds: request.notWithinSeconds,
      signal: signals.signal,
    });
    clock.note(answer.now);
    readiness.heard();
    if (answer.outcome === 'held') {
      return this.end(
        strategy,
        { status: 'claimed', reason: settings.words.held(answer.holder) },
        answer.freeInSeconds,
      );
    }
    if (answer.outcome === 'notDue') {
      const reason = settings.words.notDue(Math.ceil(answer.dueInSeconds));
      return this.end(strategy, { status: 'notDue', reason }, answer.dueInSeconds);
    }
    return this.pass(strategy, request, signals, answer);
  }

  private async pass(
    strategy: CleanupStrategy<Session>,
    { overrideBreaker }: TurnRequest,
    signals: PassSignals,
    claimed: { readonly claim: Claim; readonly lapsed: string | null } | undefined,
  ): Promise<TurnEnd> {
    const { options, settings, breakers, emitter, clock, readiness, logger } = this.parts;
    const { batchRows, maxRowsPerPass, pauseFraction } = options;
    const { name } = strategy;
    const breaker = new Breaker(this.store.inspect, strategy, breakers.get(name), {
      isOverridden: overrideBreaker,
      logger,
      words: settings.words,
    });
    emitter.emit('pass:start', { strategy: name, claim: claimed ? { lapsed: claimed.lapsed } : null });
    if (claimed?.lapsed) logger.warn(`[${name}] Took over the turn of ${claimed.lapsed}, which never gave it back`);

    const pass = await runPass(this.store, strategy, {
      ...signals,
      claim: claimed?.claim,
      ...(batchRows !== undefined && { batchRows }),
      ...(maxRowsPerPass !== undefined && { maxRows: maxRowsPerPass }),
      ...(pauseFraction !== undefined && { pauseFraction }),
      ...passCallbacks(strategy, { emitter, clock, readiness, store: this.store, options, logger }),
      admit: breaker.isOn ? () => breaker.admits(signals.signal) : undefined,
      logger,
      timing: settings.timing,
    });
    if (pass.status === 'failed') this.failed(name, pass.error);
    else this.parts.readiness.heard();
    let owedTo: unknown;
    if (claimed) {
      owedTo = await this.giveBack(claimed.claim, pass, breaker.note);
      await this.prune(name, AbortSignal.any([signals.signal, signals.stopSignal]));
    }

    const status = pass.stopReason === 'tripped' ? 'tripped' : pass.status;
    const reason = pass.error ? errorText(pass.error) : status === 'tripped' ? breaker.note : null;
    const { error } = pass;
    const turn: Turn = { status, pass, ...(reason !== null && { reason }), ...(error && { error }) };
    const isToDo = pass.stopReason === 'claimLost' || isPassing(error);
    return this.end(strategy, turn, undefined, owedTo ?? (isToDo ? error : undefined));
  }

  /**
   * Ends the turn, and keeps the pass with it. A turn that another one has by now was kept by that one. Resolves with what
   * keeps it from ending; the turn is owed then.
   */
  private async giveBack(claim: Claim, pass: PassResult, note: string | null): Promise<unknown> {
    // A pass that ran into its time or rows waits for its next turn: that is what they bound.
    const unfinished = ['aborted', 'claimLost'].includes(pass.stopReason) || isPassing(pass.error);
    const outcome = { empty: pass.status === 'skipped', unfinished };
    const entry = this.history.entryOf(pass, note);
    try {
      await this.store.claims.release(claim, { ...outcome, entry });
    } catch (error) {
      if (isPassing(error) || isJobsweepError(error, 'STATEMENT_TIMEOUT')) {
        this.owed.set(claim.strategy, { claim, outcome: { ...outcome, entry } });
        this.failed(claim.strategy, error);
        return error;
      }
      this.complain(claim.strategy, 'The history could not be written', error);
      await this.releaseAlone(claim, outcome);
    }
    return undefined;
  }

  private async releaseAlone(claim: Claim, outcome: TurnOutcome): Promise<void> {
    try {
      await this.store.claims.release(claim, outcome);
    } catch (error) {
      this.complain(claim.strategy, 'Its turn could not be given back and lapses by itself', error);
    }
  }

  /** Ends the turn that the database was away at the end of. */
  private async giveBackOwed(name: string): Promise<void> {
    const owed = this.owed.get(name);
    if (owed === undefined) return;
    const { entry: _, ...outcome } = owed.outcome;
    try {
      await this.store.claims.release(owed.claim, owed.outcome);
    } catch (error) {
      if (isPassing(error)) throw error;
      this.complain(name, 'The history could not be written', error);
      await this.releaseAlone(owed.claim, outcome);
    }
    this.owed.delete(name);
  }

  private async prune(name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.history.prune(signal);
    } catch (error) {
      if (!signal.aborted) this.complain(name, 'The history could not be pruned', error);
    }
  }

  /** Something beside the pass failed: it is told, and changes nothing. */
  private complain(name: string, what: string, error: unknown): void {
    if (!isWorthWaitingFor(error)) this.parts.logger.warn(`[${name}] ${what}: ${errorText(error)}`);
    this.failed(name, error);
  }

  private failed(name: string, error: unknown): void {
    if (isWorthWaitingFor(error)) this.parts.readiness.lost(error);
    this.parts.emitter.emit('error', {
      strategy: name,
      error: asError(error),
    });
  }

  /** `lostTo`: what kept it from being taken, or from ending. */
  private end(strategy: CleanupStrategy<Session>, turn: Turn, againInSeconds?: number, lostTo?: unknown): TurnEnd {
    const { name, description } = strategy;
    const report: StrategyReport = { name, description, ...turn };
    if (turn.status !== 'claimed' && turn.status !== 'notDue') this.last.set(name, report);
    this.parts.emitter.emit('pass:end', { strategy: name, report });
    return { report, lostTo, againInSeconds };
  }
}

/** Whether the same turn may go well another time, without anybody's doing. */
const isPassing = (error: unknown): boolean => retryOf(error) !== 'never';

interface PassSignals {
  readonly signal: AbortSignal;
  readonly stopSignal: AbortSignal;
}
