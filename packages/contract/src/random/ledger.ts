import type { CleanupRow, StrategyName } from '@jobsweep/core';
import type { JobRow } from '../cluster.js';
import type { Explanation } from './explain.js';

/** What only one repair of one run of a job can be: the id, and the time at which that run began. */
const runKey = (id: string, startTime: Date | string | null | undefined): string =>
  `${id}@${startTime == null ? 'never' : new Date(startTime).toISOString()}`;

type Repair = Exclude<Extract<Explanation, { repair: string }>['repair'], 'givenBack'>;

/** Which strategy makes a repair that a run can have once. */
const STRATEGY_OF: Partial<Record<Repair, StrategyName>> = {
  stale: 'stale_reservation_cleanup',
  stuck: 'stuck_job_cleanup',
  deleted: 'old_job_cleanup',
};

/** Both sides of the races: what jobsweep says it did, and what the application saw. */
export class Ledger {
  readonly violations: string[] = [];
  private readonly reported = new Map<string, number>();
  private readonly seen = new Set<string>();
  /** Of each of these one was seen. */
  private readonly seenOneOf: (readonly string[])[] = [];

  /** Rows that a strategy says it repaired, after the commit. */
  report(strategy: string, rows: readonly CleanupRow[]): void {
    for (const key of new Set(rows.map((row) => keyOf(strategy, row)))) {
      this.reported.set(key, (this.reported.get(key) ?? 0) + 1);
    }
  }

  /** What became of a job since the application left it as `before`. */
  see(id: string, before: JobRow | undefined, explanation: Explanation): void {
    if ('violation' in explanation) {
      this.violations.push(`Job ${id} ${explanation.violation}`);
      return;
    }
    const run = runKey(id, before?.startTime);
    if (explanation.repair === 'givenBack') {
      this.seenOneOf.push(explanation.by.map((repair) => `${STRATEGY_OF[repair]} ${run}`));
      return;
    }
    const strategy = STRATEGY_OF[explanation.repair];
    if (strategy !== undefined) this.seen.add(`${strategy} ${run}`);
  }

  /** Compares both sides once everything is still: each repair was said once, and seen; none was kept secret. */
  settle(): void {
    for (const keys of this.seenOneOf) {
      const key = keys.find((each) => this.reported.has(each) && !this.seen.has(each)) ?? keys[0];
      if (key !== undefined) this.seen.add(key);
    }
    for (const [key, times] of this.reported) {
      if (times > 1) this.violations.push(`${key} was repaired ${times} times`);
      const isOfRun = !key.startsWith('completed_job_cleanup');
      if (isOfRun && !this.seen.has(key)) this.violations.push(`${key} was reported and did not happen`);
    }
    for (const key of this.seen) {
      if (!this.reported.has(key)) this.violations.push(`${key} happened and was not reported`);
    }
  }
}

/** Reservations are told apart by their job's run, so several of one job are one repair. */
function keyOf(strategy: string, row: CleanupRow): string {
  const given = row as CleanupRow &
    Partial<Record<'startTime' | 'allocationTime', Date | null>> & {
      readonly job?: { readonly id: string; readonly startTime: Date | null };
    };
  if (strategy === 'completed_job_cleanup') return `${strategy} ${runKey(row.id, given.allocationTime)}`;
  if (given.job !== undefined) return `${strategy} ${runKey(given.job.id, given.job.startTime)}`;
  return `${strategy} ${runKey(row.id, given.startTime)}`;
}
