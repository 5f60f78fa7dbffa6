import type { Context } from '../context.js';
import type { AllocationRow, JobRow } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { isCovered } from '../filters.js';
import { byId, byJob, idsOf } from '../rows/ids.js';

/** Rows that are locked now, as they are now, and the ids of rows that others hold. */
export interface Locked<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly heldByOthers: ReadonlySet<string>;
}

/** Step 1 of every write: locks jobs that pass the filters, ascending by id, and leaves those that others hold. */
export async function lockJobs(
  session: MemorySession,
  { filters }: Context,
  jobIds: ReadonlySet<string>,
): Promise<Locked<JobRow>> {
  const wanted = (job: JobRow) => jobIds.has(job.id) && isCovered(filters, job);
  const rows = await session.lock('jobs', wanted, { skipLocked: true });
  return locked(rows, await session.select((view) => view.rows('jobs', wanted)));
}

/** Locks allocations, ascending by id, and leaves those that others hold. */
export async function lockAllocations(
  session: MemorySession,
  ids: ReadonlySet<string>,
): Promise<Locked<AllocationRow>> {
  const rows = await session.lock('allocations', ({ id }) => ids.has(id), { skipLocked: true });
  return locked(rows, await session.select((view) => view.rows('allocations', ({ id }) => ids.has(id))));
}

/** Allocations of jobs, and the ids of the jobs with an allocation that others hold: nothing is known about those. */
export interface AllocationsOfJobs {
  readonly ofJob: ReadonlyMap<string, readonly AllocationRow[]>;
  readonly heldByOthers: ReadonlySet<string>;
}

/** Locks the allocations of jobs that are locked already, of those that match `where`. */
export async function lockAllocationsOfJobs(
  session: MemorySession,
  jobIds: ReadonlySet<string>,
  where: (row: AllocationRow) => boolean = () => true,
): Promise<AllocationsOfJobs> {
  const wanted = (row: AllocationRow) => row.jobId !== null && jobIds.has(row.jobId) && where(row);
  const rows = await session.lock('allocations', wanted, { skipLocked: true });

  // Read after the lock: whatever is there and not locked belongs to somebody else.
  const lockedIds = idsOf(rows);
  const others = await session.select((view) =>
    view.rows('allocations', (row) => wanted(row) && !lockedIds.has(row.id)),
  );
  return { ofJob: byJob(rows), heldByOthers: new Set(byJob(others).keys()) };
}

/** A row that could not be locked is either held by others or gone: only those that are still there come back. */
function locked<Row extends { readonly id: string }>(rows: readonly Row[], present: readonly Row[]): Locked<Row> {
  const lockedRows = byId(rows);
  return { rows: lockedRows, heldByOthers: idsOf(present.filter(({ id }) => !lockedRows.has(id))) };
}
