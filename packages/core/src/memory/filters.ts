import type { JobState } from '../model.js';
import type { Filters } from '../schema/resolve-filters.js';
import type { JobRow } from './engine/rows.js';
import { exactTime } from './engine/times.js';

/** Whether the filters let a job, and what it holds, be seen and touched. Values are compared exactly. */
export function isCovered({ scope, exclude }: Filters, job: JobRow): boolean {
  const has = ({ column, values }: Filters['scope'][number]) => values.includes(job[column] ?? null);
  if (!scope.every(has)) return false;
  if (exclude.ids.includes(job.id)) return false;
  if (job.name !== null && exclude.names.includes(job.name)) return false;
  return !exclude.columns.some(has);
}

/** How old a job, or a reservation of it, may get, in the unit of the limit: its own limit or the given one. */
export function limitFor(filters: Filters, kind: keyof Filters['limitFor'], job: JobRow, maxAge: number): number {
  const own = job.name === null ? undefined : filters.limitFor[kind].get(job.name);
  if (own !== undefined || kind !== 'oldDays') return own ?? maxAge;
  return filters.retentionDays.get(job.state as JobState) ?? maxAge;
}

/** The time by which a job is stuck: its start, or what the filters name instead. */
export function ageTime({ ageColumn }: Filters, job: JobRow): string | null {
  if (ageColumn === null) return job.startTime;
  const time = job[ageColumn.column] ?? null;
  if (time === null || ageColumn.unset.includes(String(time))) return null;
  return exactTime(ageColumn.column, String(time));
}
