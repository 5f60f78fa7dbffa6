import { invalidOption } from '../../errors.js';
import type { Job } from '../../model.js';
import type { GetOptions } from '../../repository.js';
import type { Context } from '../context.js';
import type { JobRow } from '../engine/rows.js';
import { ageTime } from '../filters.js';
import { toJob } from '../rows/to-port.js';
import { type Place, pageOf, timeOf } from './page.js';

/** Stuck jobs, by the time that says so and id. */
export function pageByAge(context: Context, due: readonly JobRow[], options: GetOptions<Job> = {}): Job[] {
  const page = pageOf(
    due,
    options,
    (job): Place => ({ time: ageTime(context.filters, job) ?? '', id: job.id }),
    ({ id, version, startTime }): Place => {
      if (context.filters.ageColumn === null) return { time: version?.startTime ?? timeOf(startTime), id };
      if (version?.ageTime != null) return { time: version.ageTime, id };
      throw invalidOption('after', `job ${id}`, 'give the row as it was read: its heartbeat is in its version');
    },
  );
  return page.map((row) => toJob(context, row));
}

/** Old jobs, by (end, id). */
export function pageByEnd(context: Context, due: readonly JobRow[], options: GetOptions<Job> = {}): Job[] {
  const page = pageOf(
    due,
    options,
    (job): Place => ({ time: job.endTime ?? '', id: job.id }),
    ({ id, version, endTime }): Place => ({ time: version?.endTime ?? timeOf(endTime), id }),
  );
  return page.map((row) => toJob(context, row));
}
