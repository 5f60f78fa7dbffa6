import {
  type Claim,
  type ClaimAnswer,
  type CleanupStore,
  isJobsweepError,
  type PassEntry,
  type PassResult,
  type PlanSample,
  type TurnOutcome,
} from '@jobsweep/core';
import { entryOf, History } from '../history/history.js';
import type { RunnerSettings } from '../settings.js';
import type { DueTimes } from './due-times.js';
import { isPassing, type Troubles } from './troubles.js';

/** What a turn is given back with, besides its pass. */
interface Told {
  readonly note: string | null;
  /** As of `TurnOutcome`. */
  readonly trippedRows: number;
  /** What is kept of it. Default: what the history keeps of every pass. */
  readonly entry?: PassEntry | undefined;
  /** How long what it repaired had been due. Default: it repaired nothing. */
  readonly due?: DueTimes;
}

/** Claims turns, and gives them back with what their passes did. */
export class ClaimedTurns {
  /** Turns that could not be given back while the database was away, by strategy. */
  private readonly owed = new Map<string, { readonly claim: Claim; readonly outcome: TurnOutcome }>();
  private readonly history: History;

  constructor(
    private readonly store: Pick<CleanupStore<never>, 'claims' | 'journal' | 'changes'>,
    private readonly settings: RunnerSettings,
    private readonly troubles: Troubles,
  ) {
    this.history = new History(store, settings);
  }

  /** Asks for a turn, after the last one was given back. `notWithinSeconds`: as in `ClaimRequest`. */
  async claim(strategy: string, notWithinSeconds: number, signal: AbortSignal): Promise<ClaimAnswer> {
    await this.giveBackOwed(strategy);
    const { name: config, holder, termSeconds, changes } = this.settings;
    return this.store.claims.acquire({ config, strategy, holder, termSeconds, notWithinSeconds, changes, signal });
  }

  /**
   * Ends the turn, and keeps the pass with it. A turn that another one has by now was kept by that one. Resolves with what
   * keeps it from ending; the turn is owed then.
   */
  async giveBack(
    claim: Claim,
    pass: PassResult,
    { note, trippedRows, due, entry = entryOf(this.settings, pass, note, due) }: Told,
  ): Promise<unknown> {
    // A pass that ran into its time or rows waits for its next turn: that is what they bound.
    const unfinished = ['aborted', 'claimLost'].includes(pass.stopReason) || isPassing(pass.error);
    const outcome = { empty: pass.status === 'skipped', unfinished, place: pass.place, trippedRows };
    try {
      await this.store.claims.release(claim, { ...outcome, entry });
    } catch (error) {
      if (isPassing(error) || isJobsweepError(error, 'STATEMENT_TIMEOUT')) {
        this.owed.set(claim.strategy, { claim, outcome: { ...outcome, entry } });
        this.troubles.failed(claim.strategy, error);
        return error;
      }
      await this.giveBackAlone(claim, outcome, error);
    }
    return undefined;
  }

  /** What is kept of a pass that only looked; `undefined`: nothing, since it is as it was, or as nobody can tell. */
  async newsOf(pass: PassResult, samples: readonly PlanSample[], signal: AbortSignal): Promise<PassEntry | undefined> {
    try {
      return await this.history.newsOf(pass, samples, signal);
    } catch (error) {
      if (!signal.aborted) this.troubles.besides(pass.name, 'The history could not be read', error);
      return undefined;
    }
  }

  /** Deletes what the history need not keep any longer. */
  async prune(strategy: string, signal: AbortSignal): Promise<void> {
    try {
      await this.history.prune(signal);
    } catch (error) {
      if (!signal.aborted) this.troubles.besides(strategy, 'The history could not be pruned', error);
    }
  }

  /** Ends the turn that the database was away at the end of. */
  private async giveBackOwed(strategy: string): Promise<void> {
    const owed = this.owed.get(strategy);
    if (owed === undefined) return;
    const { entry: _, ...outcome } = owed.outcome;
    try {
      await this.store.claims.release(owed.claim, owed.outcome);
    } catch (error) {
      if (isPassing(error)) throw error;
      await this.giveBackAlone(owed.claim, outcome, error);
    }
    this.owed.delete(strategy);
  }

  /** Ends the turn without its pass, which could not be kept. */
  private async giveBackAlone(claim: Claim, outcome: TurnOutcome, notKept: unknown): Promise<void> {
    this.troubles.besides(claim.strategy, 'The history could not be written', notKept);
    try {
      await this.store.claims.release(claim, outcome);
    } catch (error) {
      this.troubles.besides(claim.strategy, 'Its turn could not be given back and lapses by itself', error);
    }
  }
}
