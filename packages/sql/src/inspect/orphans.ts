import { countRows } from '../reads/count.js';
import { isNoneOf } from '../reads/rules.js';
import { allocationsAs, jobsAs, type Tables } from '../rows/tables.js';
import type { Look } from './look.js';

/**
 * Counts allocations whose job does not exist, or that name none, and that are not released: those hold nothing. Filters
 * are of jobs, so they say nothing of these.
 */
export async function countOrphans(tables: Tables, look: Look, atMost: number): Promise<number | null> {
  const { jobs, allocations } = tables.schema;
  if (allocations === null) return null;
  return look((session) => {
    const { build } = session;
    const job = build
      .select(build.raw('1'))
      .from(jobsAs(build, tables, 'j'))
      .whereRaw('?? = ??', [`j.${jobs.columns.id}`, `a.${allocations.columns.jobId}`]);
    const isHeld = isNoneOf(build, tables, `a.${allocations.columns.status}`, allocations.statuses.rawOf('RELEASED'));
    const orphans = build
      .from(allocationsAs(build, tables, 'a'))
      .where(isHeld)
      .whereNotExists(job);
    return countRows(session, orphans, { atMost });
  });
}
