import { invalidOption } from '../errors.js';
import type { Job, JobState } from '../model.js';
import type { FilterOptions } from '../schema/filters.js';
import { type Filters, resolveFilters } from '../schema/resolve-filters.js';
import type { Context } from './context.js';
import type { JobRow } from './engine/rows.js';
import { exactTime, secondsBefore } from './engine/times.js';

/** Fills in the defaults. Throws `INVALID_OPTION` for filters that make no sense, or no sense here. */
export function filtersOf(options: FilterOptions | undefined): Filters {
  const filters = resolveFilters(options);
  const codec = filters.ageColumn?.codec ?? 'instant';
  if (codec === 'instant' || codec === 'utcDateTime') return filters;
  throw invalidOption('filters.ageColumn.codec', codec, 'leave it out, times in memory are instants');
}

/** Whether the filters let a job, and what it holds, be seen and touched. Values are compared exactly. */
export function isCovered({ scope, exclude }: Filters, job: JobRow): boolean {
  const has = ({ column, values }: Filters['scope'][number]) => values.includes(job[column] ?? null);
  if (!scope.every(has)) return false;
  if (exclude.ids.includes(job.id)) return false;
  if (job.name !== null && exclude.names.includes(job.name)) return false;
  return !exclude.columns.some(has);
}

type Limit = keyof Filters['limitFor'];

const UNIT_SECONDS: Readonly<Record<Limit, number>> = {
  staleReservationMinutes: 60,
  stuckHours: 3600,
  oldDays: 86_400,
};

/** The time before which a job, or a reservation of it, is over its own limit or the given one, in the limit's unit. */
export function horizonOf({ filters }: Context, moment: string, kind: Limit, job: JobRow, maxAge: number): string {
  return secondsBefore(moment, (ownLimit(filters, kind, job) ?? maxAge) * UNIT_SECONDS[kind]);
}

/** The same for a write, where nobody says a limit: `null` for a job that has none of its own. */
export function ownHorizon({ filters, now }: Context, kind: Limit, job: JobRow): string | null {
  const own = ownLimit(filters, kind, job);
  return own === undefined ? null : secondsBefore(now(), own * UNIT_SECONDS[kind]);
}

/** Whether a job has the limit that it had under the name it was read with. */
export function sameLimit(filters: Filters, kind: Limit, given: Job, now: JobRow): boolean {
  return filters.limitFor[kind].get(given.name) === filters.limitFor[kind].get(now.name ?? '');
}

function ownLimit(filters: Filters, kind: Limit, job: JobRow): number | undefined {
  const own = filters.limitFor[kind].get(job.name ?? '');
  if (own !== undefined || kind !== 'oldDays') return own;
  return filters.retentionDays.get(job.state as JobState);
}

/** The time by which a job is stuck: its start, or what the filters name instead. */
export function ageTime({ ageColumn }: Filters, job: JobRow): string | null {
  if (ageColumn === null) return job.startTime;
  const { column, unset } = ageColumn;
  const time = job[column] ?? null;
  if (time === null) return null;
  const exact = exactTime(column, String(time));
  return unset.some((each) => exactTime(column, String(each)) === exact) ? null : exact;
}
