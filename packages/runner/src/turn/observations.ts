import {
  asError,
  type Claim,
  type CleanupStrategy,
  DEFAULT_BATCH_ROWS,
  errorText,
  isJobsweepError,
  KEPT_SAMPLES,
  type Logger,
  NO_PROGRESS,
  type PassPlan,
  type PassResult,
  planPass,
} from '@jobsweep/core';
import type { Connection } from '../connection/connection.js';
import type { RunnerSettings } from '../settings.js';
import { counted } from '../words/numbers.js';
import type { ClaimedTurns } from './claimed-turns.js';
import { isPassing, type Troubles } from './troubles.js';
import type { Turn } from './turn.js';

/** What observing is made of. */
export interface ObservationsParts<Session> {
  readonly connection: Pick<Connection<Session>, 'store' | 'readiness'>;
  readonly settings: Pick<RunnerSettings, 'timing' | 'words'>;
  readonly claimed: ClaimedTurns;
  readonly troubles: Troubles;
  readonly logger: Pick<Logger, 'info'>;
}

/** What a look came to. */
interface Look {
  readonly pass: PassResult;
  readonly plan?: PassPlan;
}

/** Takes the turns of strategies that observe: each is a dry run, and what it found is kept when it is not what was found before. */
export class Observations<Session> {
  constructor(private readonly parts: ObservationsParts<Session>) {}

  /**
   * @param claim `undefined`: nobody keeps turns, nor a history.
   * @param before what the last turn here found due.
   */
  async take(
    strategy: CleanupStrategy<Session>,
    claim: Claim | undefined,
    before: number,
    signal: AbortSignal,
  ): Promise<{ readonly turn: Turn; readonly lostTo: unknown }> {
    const { claimed, logger, troubles, connection } = this.parts;
    const { name } = strategy;
    const { pass, plan } = await this.look(strategy, claim, signal);
    const { error } = pass;
    if (error !== undefined) troubles.failed(name, error);
    else connection.readiness.heard();
    const entry = claim && plan && (await claimed.newsOf(pass, plan.samples, signal));
    const isNews = claim === undefined ? pass.itemsFound !== before : entry !== undefined;
    if (plan !== undefined && isNews) logger.info(`[${name}] Observes only: ${plan.due} rows are due, and left alone`);
    const owedTo = claim && (await claimed.giveBack(claim, pass, { note: null, trippedRows: 0, entry }));
    if (claim !== undefined) await claimed.prune(name, signal);
    return { turn: this.turnOf(pass, plan), lostTo: owedTo ?? (isPassing(error) ? error : undefined) };
  }

  /** In read-only transactions alone. */
  private async look(strategy: CleanupStrategy<Session>, claim: Claim | undefined, signal: AbortSignal): Promise<Look> {
    const { timing } = this.parts.settings;
    const startedMs = timing.nowMs();
    const { timeoutSeconds } = strategy.metadata;
    const nothing = {
      ...{ ...NO_PROGRESS, itemsHolding: 0, itemsUnconfirmed: 0, itemsUnknown: 0, waitedMs: 0, blocked: [] },
      ...{ name: strategy.name, batchRows: DEFAULT_BATCH_ROWS, place: claim?.place ?? null },
    };
    const took = () => ({ durationMs: timing.nowMs() - startedMs });
    try {
      const plan = await planPass(this.parts.connection.store, strategy, {
        samples: KEPT_SAMPLES,
        timeoutSeconds,
        signal,
      });
      const status = plan.due === 0 ? 'skipped' : 'done';
      return { plan, pass: { ...nothing, ...took(), status, stopReason: 'observed', itemsFound: plan.due } };
    } catch (error) {
      if (isJobsweepError(error, 'ABORTED')) {
        return { pass: { ...nothing, ...took(), status: 'done', stopReason: 'aborted' } };
      }
      return { pass: { ...nothing, ...took(), status: 'failed', stopReason: 'failed', error: asError(error) } };
    }
  }

  private turnOf(pass: PassResult, plan: PassPlan | undefined): Turn {
    const { words } = this.parts.settings;
    const { error } = pass;
    if (error !== undefined) return { status: 'failed', pass, reason: errorText(error), error };
    if (plan === undefined) return { status: 'aborted', reason: words.abortedInTurn };
    return { status: 'observed', pass, plan, reason: words.observed(counted(plan.due, plan.capped)) };
  }
}
