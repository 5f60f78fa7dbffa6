import type { PassPlan, PassResult } from '@jobsweep/core';

/**
 * What became of a strategy in a round:
 * - `done`: its pass ran; `pass.stopReason` says how it ended
 * - `skipped`: it had nothing to do
 * - `planned`: a dry run looked at it
 * - `observed`: it observes, so its turn only looked; `plan` has what it would have repaired
 * - `failed`: its pass failed, or its plan could not be made
 * - `blocked`: a strategy that it depends on failed or was blocked in this round
 * - `claimed`: another runner has its turn
 * - `notDue`: another runner had its turn, and the next one is not due yet
 * - `paused`: an operator forbids its turns; `reason` has who, and until when
 * - `tripped`: its breaker stopped it before anything was written; `reason` has the figures
 * - `disabled`: it is off
 * - `filtered`: `only` or `tags` left it out
 * - `aborted`: the round was aborted before its turn, or while a dry run looked at it
 */
export type StrategyStatus =
  | 'done'
  | 'skipped'
  | 'planned'
  | 'observed'
  | 'failed'
  | 'blocked'
  | 'claimed'
  | 'notDue'
  | 'paused'
  | 'tripped'
  | 'disabled'
  | 'filtered'
  | 'aborted';

export interface StrategyReport {
  readonly name: string;
  readonly description: string;
  readonly status: StrategyStatus;
  /** Why, in a sentence, where the status alone does not say it. */
  readonly reason?: string;
  /** What failed; also where no pass ran. */
  readonly error?: Error;
  /** What its pass did; absent where none ran. */
  readonly pass?: PassResult;
  /** Jobs that a purge left, since they still hold something; 10,000: at least. Absent: nobody counted them. */
  readonly holding?: number;
  /** What its pass would find, with up to 10 samples in a dry run, and 20 where it observes: only there. */
  readonly plan?: PassPlan;
}

/** What one round did. */
export interface RunReport {
  /**
   * Nothing was written. Each plan is made of the data as it is, not as it would be after the strategies before it.
   */
  readonly dryRun: boolean;
  /** When the round began, by this machine's clock. */
  readonly startedAt: Date;
  readonly durationMs: number;
  /** No strategy failed, was blocked or tripped its breaker, and the round was not aborted. */
  readonly ok: boolean;
  /** In the order of their turns, every strategy of the runner once. */
  readonly strategies: readonly StrategyReport[];
}
