import { isJobsweepError } from '../errors.js';

/** Rows of a batch of which nothing else is known: near the best rate of every engine measured, and still a short transaction. */
export const DEFAULT_BATCH_ROWS = 1000;
export const MAX_BATCH_ROWS = 5000;

/** What a batch is to take: long beside what it costs to begin one, and short for whoever waits for its locks. */
const TARGET_MS = 200;
const MOST_SHRINKING = 0.5;
const MOST_GROWTH = 1.25;

/** How many rows a batch has: always the same, or as many as take some 200 ms. */
export class BatchSize {
  rows: number;

  /** @param fixed always so many. `undefined`: as many as suit, from `first` on. */
  constructor(
    private readonly fixed: number | undefined,
    first: number,
    private readonly most = MAX_BATCH_ROWS,
  ) {
    this.rows = Math.min(fixed ?? first, most);
  }

  /** A batch of so many rows was committed. It grows slowly, and only by what filled it. */
  took(rows: number, ms: number): void {
    const fitting = rows * (TARGET_MS / Math.max(ms, 1));
    if (ms > TARGET_MS) this.become(Math.min(this.rows, Math.max(fitting, rows * MOST_SHRINKING)));
    else if (rows >= this.rows) this.become(Math.min(fitting, Math.ceil(this.rows * MOST_GROWTH)));
  }

  /** A batch failed: one that was too much for the server, or for others, is halved at once. A row that is refused is no fault of its size. */
  failed(error: unknown): void {
    if (!isJobsweepError(error) || !error.isDivisible) return;
    if (!isJobsweepError(error, 'ROW_REJECTED', 'HOOK_FAILED')) this.become(this.rows * MOST_SHRINKING);
  }

  private become(rows: number): void {
    if (this.fixed === undefined) this.rows = Math.min(this.most, Math.max(1, Math.floor(rows)));
  }
}
