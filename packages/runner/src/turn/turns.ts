import {
  asError,
  type Claim,
  type CleanupStrategy,
  errorText,
  isJobsweepError,
  type Logger,
  type PassResult,
  runPass,
} from '@jobsweep/core';
import { Breaker } from '../breaker/breaker.js';
import type { BreakerLimits } from '../breaker/limits.js';
import type { Connection } from '../connection/connection.js';
import type { RunnerOptions } from '../options.js';
import type { RunnerSettings } from '../settings.js';
import { ClaimedTurns } from './claimed-turns.js';
import { DueTimes } from './due-times.js';
import type { Emitter } from './emitter.js';
import { followSignals } from './follow-signals.js';
import { countHolding, hasCleared } from './holding.js';
import type { StrategyMode } from './mode.js';
import { Observations } from './observations.js';
import { paceOptions } from './pace-options.js';
import { passHooks } from './pass-events.js';
import { refusalOf } from './refusal.js';
import type { StrategyReport } from './report.js';
import { isPassing, Troubles } from './troubles.js';
import type { Turn } from './turn.js';

/** What turns are made of. */
export interface TurnsParts<Session> {
  readonly options: RunnerOptions<Session>;
  readonly settings: RunnerSettings;
  readonly breakers: ReadonlyMap<string, Required<BreakerLimits>>;
  readonly modes: ReadonlyMap<string, StrategyMode>;
  readonly connection: Connection<Session>;
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
  /** The last pass of each strategy: how large its batches were, and, as far as that is kept nowhere else, where the next goes on. */
  private readonly passes = new Map<string, Pick<PassResult, 'place' | 'batchRows'>>();
  private readonly troubles: Troubles;
  private readonly claimed: ClaimedTurns;
  private readonly observations: Observations<Session>;

  constructor(private readonly parts: TurnsParts<Session>) {
    const { connection, settings, emitter, logger } = parts;
    this.troubles = new Troubles(connection.readiness, emitter, logger);
    this.claimed = new ClaimedTurns(connection.store, settings, this.troubles);
    const { claimed, troubles } = this;
    this.observations = new Observations({ connection, settings, logger, claimed, troubles });
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
      this.troubles.failed(name, error);
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
    const { connection, settings } = this.parts;
    const { coordination, clock, readiness } = connection;
    if (!coordination.mustClaim) return this.go(strategy, request, signals, undefined);
    const answer = await this.claimed.claim(strategy.name, request.notWithinSeconds, signals.signal);
    clock.note(answer.now);
    readiness.heard();
    if (answer.outcome !== 'claimed') {
      const { turn, againInSeconds } = refusalOf(answer, settings.words);
      return this.end(strategy, turn, againInSeconds);
    }
    return this.go(strategy, request, signals, answer);
  }

  private async go(
    strategy: CleanupStrategy<Session>,
    request: TurnRequest,
    signals: PassSignals,
    claimed: Claimed | undefined,
  ): Promise<TurnEnd> {
    const { emitter, logger, modes } = this.parts;
    const { name } = strategy;
    emitter.emit('pass:start', { strategy: name, claim: claimed ? { lapsed: claimed.lapsed } : null });
    if (claimed?.lapsed) logger.warn(`[${name}] Took over the turn of ${claimed.lapsed}, which never gave it back`);
    return modes.get(name) === 'observe'
      ? this.observe(strategy, signals, claimed)
      : this.pass(strategy, request, signals, claimed);
  }

  private async observe(
    strategy: CleanupStrategy<Session>,
    signals: PassSignals,
    claimed: Claimed | undefined,
  ): Promise<TurnEnd> {
    const before = this.last.get(strategy.name)?.plan?.due ?? 0;
    // Nothing of a look is lost that ends before its end.
    const signal = AbortSignal.any([signals.signal, signals.stopSignal]);
    const { turn, lostTo } = await this.observations.take(strategy, claimed?.claim, before, signal);
    return this.end(strategy, turn, undefined, lostTo);
  }

  private async pass(
    strategy: CleanupStrategy<Session>,
    { overrideBreaker }: TurnRequest,
    signals: PassSignals,
    claimed: Claimed | undefined,
  ): Promise<TurnEnd> {
    const { options, settings, connection, emitter, logger } = this.parts;
    const { name } = strategy;
    const before = this.passes.get(name);
    const due = claimed && new DueTimes();
    const breaker = this.breakerOf(strategy, overrideBreaker, claimed?.claim);
    const pass = await runPass(connection.store, strategy, {
      ...signals,
      ...(claimed === undefined ? { place: before?.place } : { claim: claimed.claim }),
      ...paceOptions(options),
      firstBatchRows: before?.batchRows,
      ...passHooks(strategy, { emitter, connection, options, logger, due }),
      admit: breaker && (() => breaker.admits(signals.signal)),
      logger,
      timing: settings.timing,
    });
    this.passes.set(name, pass);
    if (pass.status === 'failed') this.troubles.failed(name, pass.error);
    else connection.readiness.heard();
    const note = breaker?.note ?? null;
    const waited = pass.waitedMs === 0 ? null : settings.words.waited(Math.max(1, Math.round(pass.waitedMs / 1000)));
    const holding = await this.holdingAfter(strategy, pass, signals.signal);
    let owedTo: unknown;
    if (claimed && due) {
      const { itemsUnconfirmed } = pass;
      const notes = [
        ...(waited === null ? [] : [waited]),
        ...(note === null ? [] : [note]),
        ...(holding ? [settings.words.holding(holding)] : []),
        ...(itemsUnconfirmed > 0 ? [settings.words.unconfirmed(itemsUnconfirmed)] : []),
      ];
      const told = { note: notes.join('; ') || null, trippedRows: breaker?.trippedRows ?? 0, due };
      owedTo = await this.claimed.giveBack(claimed.claim, pass, told);
      await this.claimed.prune(name, AbortSignal.any([signals.signal, signals.stopSignal]));
    }

    const status = pass.stopReason === 'tripped' ? 'tripped' : pass.status;
    const reason = pass.error ? errorText(pass.error) : status === 'tripped' ? note : waited;
    const { error } = pass;
    const turn: Turn = {
      status,
      pass,
      ...(holding !== undefined && { holding }),
      ...(reason !== null && { reason }),
      ...(error && { error }),
    };
    const isToDo = pass.stopReason === 'claimLost' || isPassing(error);
    return this.end(strategy, turn, undefined, owedTo ?? (isToDo ? error : undefined));
  }

  private async holdingAfter(
    strategy: CleanupStrategy<Session>,
    pass: PassResult,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    if (!hasCleared(pass)) return undefined;
    try {
      const holding = await countHolding(this.parts.connection.store, strategy, signal);
      if (holding)
        this.parts.logger.info(`[${strategy.name}] Left ${holding} jobs that still hold allocations or are kept`);
      return holding;
    } catch (error) {
      this.troubles.besides(strategy.name, 'What it left could not be counted', error);
      return undefined;
    }
  }

  private breakerOf(
    { name, rule }: CleanupStrategy<Session>,
    isOverridden: boolean,
    claim: Claim | undefined,
  ): Breaker | undefined {
    const { connection, breakers, settings, logger } = this.parts;
    const limits = breakers.get(name);
    if (limits === undefined || rule === undefined) return undefined;
    const { inspect, claims } = connection.store;
    // Nobody can have approved anything where no turns are kept.
    const useApproval = async () => (claim === undefined ? 0 : claims.useApproval(claim));
    return new Breaker({ inspect, name, rule, limits, isOverridden, useApproval, logger, words: settings.words });
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

/** A turn that was claimed, and who never gave the one before back. */
interface Claimed {
  readonly claim: Claim;
  readonly lapsed: string | null;
}

interface PassSignals {
  readonly signal: AbortSignal;
  readonly stopSignal: AbortSignal;
}
