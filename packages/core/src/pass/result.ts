import type { ErrorCode } from '../errors.js';

/**
 * Why a pass ended:
 * - `drained`: it came to the end of the rows that were due
 * - `blocked`: it came to the end, and the database refused some of them
 * - `timeout`, `rowBudget`: its time or its rows were used up; the next pass goes on
 * - `aborted`: its signal or its stop signal fired
 * - `tripped`: it was not admitted to write; rows are due, and none was touched
 * - `observed`: it only looked; `itemsFound` is what it would have repaired, counted up to 10000
 * - `claimLost`: its turn was over, or another runner's; what it had begun was rolled back, and `error` says why
 * - `failed`: an error that no smaller batch could avoid
 */
export type StopReason =
  | 'drained'
  | 'blocked'
  | 'timeout'
  | 'rowBudget'
  | 'aborted'
  | 'tripped'
  | 'observed'
  | 'claimLost'
  | 'failed';

/** A row that the database, or `within`, refuses to change. */
export interface BlockedRow {
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** The constraint or trigger that refused it, where the database names one. */
  readonly constraint: string | undefined;
}

/** What a pass has done, while it runs and after. All counts are of rows. */
export interface PassCounts {
  /** Changed and committed. */
  readonly itemsCleaned: number;
  /** Found due and looked at. */
  readonly itemsFound: number;
  /** Left alone because another transaction held them; the next pass sees them again. */
  readonly itemsContended: number;
  /** Found due, but not any more once they were locked, or left out by `confirm`. */
  readonly itemsPassedOver: number;
  /** Refused by the database, or by `within`; the first of them are in `blocked`. */
  readonly itemsBlocked: number;
  /** Of batches whose commit was lost on the way: changed or not, nobody knows, and never counted as cleaned. */
  readonly itemsUnknown: number;
  /** Committed transactions that repaired a batch. */
  readonly batches: number;
}

/** What one pass of one strategy did. */
export interface PassResult extends PassCounts {
  readonly name: string;
  /** `skipped`: there was nothing to do. `done`: it ran, whatever its `stopReason`. */
  readonly status: 'skipped' | 'done' | 'failed';
  readonly stopReason: StopReason;
  readonly durationMs: number;
  /** How much of it the pass waited for its probe. */
  readonly waitedMs: number;
  /** Rows that its next batch would have had: `firstBatchRows` of the next pass. */
  readonly batchRows: number;
  /**
   * Where the next pass goes on, if it is given it: behind the last row of which all before it were looked at. `null`: at the
   * beginning, since this one came to the end, or failed with what may happen there each time. What it says is nobody's
   * business but that of the strategy, and no secret: the key and the times of a row.
   */
  readonly place: string | null;
  /** Of those that were passed over: jobs that cannot be deleted, since they hold an allocation by now. */
  readonly itemsHolding: number;
  /** Of those that were passed over: rows that `confirm` left out. */
  readonly itemsUnconfirmed: number;
  /** At most 100 of the blocked rows; `refusedRows` puts them together by what refused them. */
  readonly blocked: readonly BlockedRow[];
  /** What made it fail, or lose its claim. */
  readonly error?: Error;
}
