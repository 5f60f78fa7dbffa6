import type { PlanSample } from '../pass/plan-sample.js';
import type { BlockedRow, PassCounts, PassResult, StopReason } from '../pass/result.js';

/** A pass that did something, as a runner tells it. */
export interface PassEntry extends PassCounts {
  /** The name of the config that the pass ran under. */
  readonly config: string;
  readonly strategy: string;
  readonly status: Exclude<PassResult['status'], 'skipped'>;
  /**
   * What an operator did in place of a pass: `approved`, let one go on that its breaker had stopped, for `itemsFound` rows at
   * most; `paused`, `resumed`; `undone`: took back what a pass had changed; `restored`: put deleted
   * jobs back.
   */
  readonly stopReason: StopReason | 'approved' | 'paused' | 'resumed' | 'undone' | 'restored';
  readonly durationMs: number;
  /** How long the rows that it repaired had been due, all together, as far as their times tell it; in whole milliseconds. */
  readonly dueMs: number;
  /** Of the one that had been due longest. */
  readonly longestDueMs: number;
  /** At most 100 of the blocked rows. */
  readonly blocked: readonly BlockedRow[];
  /** Of a strategy that observes, the first rows that it would have repaired, at most 20. Default: none. */
  readonly samples?: readonly PlanSample[] | undefined;
  /** What made it fail, or lose its claim: the code of a `JobsweepError`, else `null`, and the message. */
  readonly error: { readonly code: string | null; readonly message: string } | null;
  /** The name of the machine that it ran on. */
  readonly host: string;
  /** The runner, as in its claims; of what an operator did, who asked for it. */
  readonly holder: string;
  /** What the operator should know besides: that a breaker stopped the pass, or was overridden. `null`: nothing. */
  readonly note: string | null;
}

/** A pass in the history. */
export interface HistoryEntry extends PassEntry {
  readonly id: string;
  /** By the database's clock. */
  readonly startedAt: Date;
  /** What its changes are kept under. `null`: it had no turn, or changed nothing as what an operator did. */
  readonly pass: string | null;
  readonly samples: readonly PlanSample[];
}

/** Which part of the history to read. */
export interface HistoryOptions {
  /** Only passes of one config. Default: of all. */
  readonly config?: string | undefined;
  readonly strategy?: string | undefined;
  /** Only passes that repaired something, and none that only found rows, or failed before. Default: `false`. */
  readonly repairedOnly?: boolean;
  /** Only the one with this id. Default: all. */
  readonly id?: string | undefined;
  /** 1 to 1000. Default: 20. */
  readonly limit?: number;
  /** Only older ones: the last entry of the page before. */
  readonly before?: Pick<HistoryEntry, 'id'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which part of the history to sum up. */
export interface HistoryTotalsOptions {
  /** Only passes of one config. Default: of all. */
  readonly config?: string | undefined;
  /** Only passes that began at most so long ago, by the database's clock; 1 second to 36500 days. */
  readonly withinSeconds: number;
  /** How long each span is, counted from 1970 on: at least a thousandth of `withinSeconds`. */
  readonly spanSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** What the passes of a strategy that began in one span of time have done together. What operators did, and what passes only saw, is not among them. */
export interface HistorySpan {
  readonly config: string;
  readonly strategy: string;
  readonly status: PassEntry['status'];
  /** When the span begins. */
  readonly from: Date;
  readonly passes: number;
  readonly itemsCleaned: number;
  readonly itemsContended: number;
  readonly itemsBlocked: number;
  readonly durationMs: number;
  /** Of the pass that took longest. */
  readonly longestMs: number;
  /** How long the rows that they repaired had been due, all together. */
  readonly dueMs: number;
  /** Of the one that had been due longest. */
  readonly longestDueMs: number;
}

/**
 * The history of passes, in jobsweep's own table. Every method rejects with `NOT_INITIALIZED` where that is missing.
 *
 * @example
 * for (const { startedAt, strategy, itemsCleaned } of await store.journal.read({ limit: 5 })) {
 *   console.log(startedAt.toISOString(), strategy, itemsCleaned);
 * }
 */
export interface Journal {
  /** Adds a pass that has just ended under no claim: `Claims.release` keeps the others. It began `durationMs` before the database's current time. */
  append(entry: PassEntry): Promise<void>;
  /** The newest passes first. */
  read(options?: HistoryOptions): Promise<HistoryEntry[]>;
  /**
   * What passes did over a time, summed up by the database: by the earliest span first, and none for a span in which nothing was
   * done. At most 20000 of them.
   */
  totals(options: HistoryTotalsOptions): Promise<HistorySpan[]>;
  /**
   * Deletes the oldest of the passes that began longer ago than `maxAgeDays`, of all configs or of one. Returns how many; at
   * most `limit`.
   */
  prune(options: {
    readonly config?: string | undefined;
    readonly maxAgeDays: number;
    readonly limit: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<number>;
}
