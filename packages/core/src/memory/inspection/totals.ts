import { throwIfAborted } from '../../errors.js';
import type { Totals, TotalsOptions } from '../../inspection/inspection.js';
import { requireRows } from '../../paging.js';
import type { Rule } from '../../strategies/rule.js';
import { checkAge } from '../ages.js';
import type { Context } from '../context.js';
import type { JobRow } from '../engine/rows.js';
import { secondsBetween } from '../engine/times.js';
import type { View } from '../engine/view.js';
import { ageTime, isCovered } from '../filters.js';
import { completedWithUnreleased, oldJobs, staleReservations, stuckJobs } from '../reads/rules.js';

const DEFAULT_AT_MOST = 10_000;
const MAX_AT_MOST = 10_000_000;

/** What a rule looks at, all of it: the times by which rows are due, and the sizes of the sets. */
interface Found {
  readonly dueSince: readonly (string | null)[];
  readonly population: number;
  readonly undated: number;
  readonly holding?: number;
}

/** How many rows a rule matches, of how many, and since when. */
export function totalsOf(context: Context, view: View, rule: Rule, options: TotalsOptions = {}): Totals {
  const { atMost = DEFAULT_AT_MOST, holding: isAsked = false, signal } = options;
  throwIfAborted(signal);
  requireRows('atMost', atMost, MAX_AT_MOST);
  const { dueSince, population, undated, holding } = find(context, view, rule);
  const [oldest] = dueSince.filter((time) => time !== null).sort();
  return {
    due: Math.min(dueSince.length, atMost),
    population: Math.min(population, atMost),
    oldestAgeSeconds: oldest === undefined ? null : secondsBetween(oldest, context.now()),
    undated: Math.min(undated, atMost),
    ...(isAsked && holding !== undefined && { holding: Math.min(holding, atMost) }),
  };
}

function find(context: Context, view: View, rule: Rule): Found {
  const { rules, filters } = context;
  const jobs = (where: (job: JobRow) => boolean) => view.rows('jobs', (job) => where(job) && isCovered(filters, job));
  const count = (rows: readonly JobRow[], where: (job: JobRow) => boolean) => rows.filter(where).length;

  switch (rule.name) {
    case 'completed_job_cleanup': {
      const covered = new Set(jobs(() => true).map(({ id }) => id));
      const unreleased = view.rows('allocations', (row) => rules.isUnreleased(row) && covered.has(row.jobId ?? ''));
      const dueSince = completedWithUnreleased(context, view).map(({ job }) => job.endTime);
      return { dueSince, population: unreleased.length, undated: 0 };
    }
    case 'stale_reservation_cleanup': {
      checkAge('maxAgeMinutes', rule.maxAgeMinutes, 24 * 60);
      const running = jobs((job) => rules.isRunning(job));
      const reserved = view.rows('allocations', (row) => rules.isReserved(row) && row.allocationTime === null);
      const dateless = new Set(reserved.map(({ jobId }) => jobId));
      const due = staleReservations(context, view, rule.maxAgeMinutes);
      const dueSince = due.map(({ allocation }) => allocation.allocationTime);
      return { dueSince, population: running.length, undated: count(running, ({ id }) => dateless.has(id)) };
    }
    case 'stuck_job_cleanup': {
      checkAge('maxAgeHours', rule.maxAgeHours, 24);
      const running = jobs((job) => rules.isRunning(job));
      const dueSince = stuckJobs(context, view, rule.maxAgeHours).map((job) => ageTime(filters, job));
      return { dueSince, population: running.length, undated: count(running, (job) => ageTime(filters, job) === null) };
    }
    case 'old_job_cleanup': {
      checkAge('maxAgeDays', rule.maxAgeDays, 1);
      const finished = jobs((job) => rules.isFinished(job));
      const due = oldJobs(context, view, rule.maxAgeDays);
      const holders = new Set(view.rows('allocations', (row) => !rules.isReleased(row)).map(({ jobId }) => jobId));
      return {
        dueSince: due.map(({ endTime }) => endTime),
        population: finished.length,
        undated: count(finished, ({ endTime }) => endTime === null),
        holding: count(due, ({ id }) => holders.has(id)),
      };
    }
  }
}
