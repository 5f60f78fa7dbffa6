/** Why a line of a log became no job. */
export type SkipReason =
  | 'tooFewFields'
  | 'notANumber'
  | 'invalidId'
  | 'duplicateId'
  | 'partial'
  | 'noSubmitTime'
  | 'noRunTime'
  | 'impossibleTime';

/** A skipped line; the first line of a file is 1. */
export interface Skip {
  readonly line: number;
  readonly reason: SkipReason;
}

/** Enough to see what is wrong with a log. */
const FIRST = 3;

/** Counts the skipped lines and remembers the first of them. */
export class Skips {
  total = 0;
  readonly first: Skip[] = [];
  readonly byReason: Partial<Record<SkipReason, number>> = {};

  add(line: number, reason: SkipReason): void {
    this.total += 1;
    this.byReason[reason] = (this.byReason[reason] ?? 0) + 1;
    if (this.first.length < FIRST) this.first.push({ line, reason });
  }
}
