import type { PassEntry } from '@jobsweep/core';

/** How long the rows that a pass repaired had been due. */
export class DueTimes {
  private totalSeconds = 0;
  private longestSeconds = 0;

  add(seconds: readonly number[]): void {
    for (const each of seconds) {
      this.totalSeconds += each;
      this.longestSeconds = Math.max(this.longestSeconds, each);
    }
  }

  /** As the history keeps it. */
  get entry(): Pick<PassEntry, 'dueMs' | 'longestDueMs'> {
    return { dueMs: this.totalSeconds * 1000, longestDueMs: this.longestSeconds * 1000 };
  }
}
