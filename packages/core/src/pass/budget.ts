import { isJobsweepError } from '../errors.js';
import type { StopReason } from './result.js';
import type { PassSettings } from './settings.js';

type Bounds = Pick<PassSettings, 'maxRows' | 'timeoutSeconds' | 'signal' | 'stopSignal' | 'timing'>;

/** A statement gets at least this long, so that the last one before the deadline is not cancelled at once. */
const MIN_STATEMENT_SECONDS = 0.1;

/** Rows that a pass may look at for each one that it may change: rows that cannot be changed are not to end it. */
const LOOKS_PER_CHANGE = 10;

/** What is left of a pass's time and rows. */
export class Budget {
  /** Rows that the pass may change. */
  changesLeft: number;
  private looksLeft: number;
  private readonly deadlineMs: number;

  constructor(
    private readonly bounds: Bounds,
    startedMs: number,
  ) {
    this.changesLeft = bounds.maxRows;
    this.looksLeft = bounds.maxRows * LOOKS_PER_CHANGE;
    this.deadlineMs = startedMs + bounds.timeoutSeconds * 1000;
  }

  /** Rows that the pass may find now. */
  get rowsLeft(): number {
    return Math.min(this.changesLeft, this.looksLeft);
  }

  /** Rows were found, whatever becomes of them. */
  looked(rows: number): void {
    this.looksLeft -= rows;
  }

  /** Rows were changed. */
  changed(rows: number): void {
    this.changesLeft -= rows;
  }

  /** From now on no more rows than that are changed. */
  changeAtMost(rows: number): void {
    this.changesLeft = Math.min(this.changesLeft, rows);
  }

  /** Why the pass must stop now, if it must. */
  stopReason(): Extract<StopReason, 'aborted' | 'timeout' | 'rowBudget'> | undefined {
    if (this.bounds.signal?.aborted || this.bounds.stopSignal?.aborted) return 'aborted';
    if (this.msLeft() <= 0) return 'timeout';
    if (this.rowsLeft <= 0) return 'rowBudget';
    return undefined;
  }

  /** Why the pass must stop in the middle of a page, if it must: rows that it found already are within its budget. */
  interruption(): 'aborted' | 'timeout' | undefined {
    const reason = this.stopReason();
    return reason === 'rowBudget' ? undefined : reason;
  }

  msLeft(): number {
    return this.deadlineMs - this.bounds.timing.nowMs();
  }

  /** What one statement may take. */
  secondsLeft(): number {
    return Math.max(MIN_STATEMENT_SECONDS, this.msLeft() / 1000);
  }

  /** Whether a statement was cancelled because the pass had no time left. */
  isTimeout(error: unknown): boolean {
    return isJobsweepError(error, 'STATEMENT_TIMEOUT') && this.msLeft() <= 0;
  }
}
