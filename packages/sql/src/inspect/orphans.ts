import { countRows } from '../reads/count.js';
import { isNoneOf } from '../reads/rules.js';
import { columnRef } from '../rows/identifiers.js';
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
      .whereRaw('? = ?', [columnRef(build, 'j', jobs.columns.id), columnRef(build, 'a', allocations.columns.jobId)]);
    const status = columnRef(build, 'a', allocations.columns.status);
    const orphans = build
      .from(allocationsAs(build, tables, 'a'))
      .where(isNoneOf(build, tables, status, allocations.statuses.rawOf('RELEASED')))
      .whereNotExists(job);
    return countRows(session, orphans, { atMost });
  });
}
