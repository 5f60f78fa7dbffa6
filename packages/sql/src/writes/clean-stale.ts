import type { AllocationWithJob, WriteOutcome } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { type AllocationVersionRow, sameAllocation, statusOf } from '../rows/allocation-row.js';
import { idsOf, jobIdsOf } from '../rows/ids.js';
import { sameRun, stateOf } from '../rows/job-row.js';
import { allocationsOf, type Tables } from '../rows/tables.js';
import { fromDate, toDate } from '../rows/times.js';
import { lockAllocationsOfJobs, lockJobs } from './lock.js';
import { updateToFailed, updateToReleased, withJobs } from './update.js';

const EXIT_CODE = '-3:0';

/** Fails the jobs of the given reservations and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  session: SqlSession,
  tables: Tables,
  reservations: readonly AllocationWithJob[],
  errorMsg: string,
): Promise<WriteOutcome<AllocationWithJob>> {
  const jobs = await lockJobs(session, tables, jobIdsOf(reservations));
  const running = reservations.filter(({ jobId, job }) => {
    const now = jobs.rows.get(jobId);
    return now !== undefined && stateOf(tables, now) === 'RUNNING' && sameRun(tables, job, now);
  });

  // Released ones are locked too: somebody may be about to reserve one of them again, and that shows only as a lock.
  const held = new Map<string, AllocationVersionRow[]>(jobIdsOf(running).map((id) => [id, []]));
  const heldByOthers = await lockAllocationsOfJobs(session, tables, [...held.keys()], [], (row) => {
    if (statusOf(tables, row) !== 'RELEASED') held.get(row.ajob)?.push(row);
  });
  const due = running.filter((reservation) => {
    const allocations = held.get(reservation.jobId) ?? [];
    return !heldByOthers.has(reservation.jobId) && isStillStale(tables, reservation, allocations);
  });

  const failed = await updateToFailed(session, tables, jobIdsOf(due), errorMsg, EXIT_CODE);
  const failedJobs = new Map(failed.map((job) => [job.id, job]));
  const ofFailed = due.filter(({ jobId }) => failedJobs.has(jobId));
  const released = await updateToReleased(session, tables, idsOf(ofFailed));
  return {
    changed: withJobs(due, released, failedJobs),
    contended: reservations.filter(({ jobId }) => jobs.heldByOthers.has(jobId) || heldByOthers.has(jobId)),
  };
}

/** Whether the reservation is as it was read, and all that its job holds are reservations as stale as it is. */
function isStillStale(tables: Tables, reservation: AllocationWithJob, held: readonly AllocationVersionRow[]): boolean {
  const itself = held.find(({ aid }) => aid === reservation.id);
  if (itself === undefined || statusOf(tables, itself) !== 'RESERVED') return false;
  if (!sameAllocation(tables, reservation, itself)) return false;
  return held.every((sibling) => sibling === itself || isStaleSibling(tables, reservation, sibling));
}

/**
 * Whether a sibling is a reservation before the horizon that the given one was judged by. A row made by hand carries
 * no horizon: then a sibling is stale when it is no younger than the row that somebody called stale.
 */
function isStaleSibling(tables: Tables, reservation: AllocationWithJob, sibling: AllocationVersionRow): boolean {
  const { allocationTime } = allocationsOf(tables).columns;
  const isDated = toDate(sibling.atime, allocationTime) !== null;
  if (statusOf(tables, sibling) !== 'RESERVED' || sibling.atime === null || !isDated) return false;
  const horizon = reservation.version?.horizon;
  if (horizon != null) return isBefore(sibling.atime, horizon);
  const own = reservation.version?.allocationTime ?? fromDate(reservation.allocationTime, allocationTime);
  return own !== null && !isBefore(own, sibling.atime);
}

/** Compares two exact times: whole numbers by value, ISO 8601 texts in UTC by letter. */
function isBefore(time: string, other: string): boolean {
  const numeric = /^-?\d+$/;
  if (numeric.test(time) && numeric.test(other)) return BigInt(time) < BigInt(other);
  return time < other;
}
