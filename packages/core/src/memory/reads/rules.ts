import type { Context } from '../context.js';
import type { AllocationRow, JobRow } from '../engine/rows.js';
import type { View } from '../engine/view.js';
import { ageTime, horizonOf, isCovered } from '../filters.js';
import { byJob } from '../rows/ids.js';

/** An allocation that is due, with its job. */
export interface DueAllocation {
  readonly allocation: AllocationRow;
  readonly job: JobRow;
  /** The time before which it counted as stale, where that is why it is due. */
  readonly horizon?: string;
}

/** Allocations that are not released although their job is finished. */
export function completedWithUnreleased({ rules, filters }: Context, view: View): DueAllocation[] {
  return view
    .rows('allocations', (allocation) => rules.isUnreleased(allocation))
    .flatMap((allocation) => {
      const job = view.row('jobs', allocation.jobId);
      return job !== undefined && rules.isFinished(job) && isCovered(filters, job) ? [{ allocation, job }] : [];
    });
}

/** Reservations before the horizon whose job runs, and whose siblings keep nothing alive. */
export function staleReservations(context: Context, view: View, maxAgeMinutes: number): DueAllocation[] {
  const { rules, filters, now } = context;
  const moment = now();
  const unreleased = byJob(view.rows('allocations', (row) => !rules.isReleased(row)));
  return view
    .rows('jobs', (job) => rules.isRunning(job) && isCovered(filters, job))
    .flatMap((job) => {
      const horizon = horizonOf(context, moment, 'staleReservationMinutes', job, maxAgeMinutes);
      const held = unreleased.get(job.id) ?? [];
      if (held.some((allocation) => rules.keepsAlive(allocation, horizon))) return [];
      // What is not released and keeps nothing alive is a reservation before the horizon.
      return held.map((allocation) => ({ allocation, job, horizon }));
    });
}

/** Jobs that run and show no sign of life since the horizon. */
export function stuckJobs(context: Context, view: View, maxAgeHours: number): JobRow[] {
  const { rules, filters, now } = context;
  const moment = now();
  return view.rows('jobs', (job) => {
    if (!rules.isRunning(job) || !isCovered(filters, job)) return false;
    return rules.isBefore(ageTime(filters, job), horizonOf(context, moment, 'stuckHours', job, maxAgeHours));
  });
}

/** Jobs that are finished and ended before the horizon. */
export function oldJobs(context: Context, view: View, maxAgeDays: number): JobRow[] {
  const { rules, filters, now } = context;
  const moment = now();
  return view.rows('jobs', (job) => {
    if (!rules.isFinished(job) || !isCovered(filters, job)) return false;
    return rules.isBefore(job.endTime, horizonOf(context, moment, 'oldDays', job, maxAgeDays));
  });
}
