import type { AllocationWithJob, WriteOutcome } from '@jobsweep/core';
import { sameLimit } from '../filters/limits.js';
import type { SqlSession } from '../library.js';
import { type AllocationVersionRow, sameAllocation, statusOf } from '../rows/allocation-row.js';
import { idsOf, jobIdsOf } from '../rows/ids.js';
import { sameRun, stateOf } from '../rows/job-row.js';
import { allocationsOf, type Tables } from '../rows/tables.js';
import { fromDate, toDate } from '../rows/times.js';
import { lockAllocationsOfJobs, lockJobs } from './lock.js';
import { updateToFailed, updateToReleased, withJobs } from './update.js';

const EXIT_CODE = '-3:0';
const RULE = 'staleReservationMinutes';

/** Fails the jobs of the given reservations and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  session: SqlSession,
  tables: Tables,
  reservations: readonly AllocationWithJob[],
  errorMsg: string,
): Promise<WriteOutcome<AllocationWithJob>> {
  const jobs = await lockJobs(session, tables, jobIdsOf(reservations), RULE);
  const running = reservations.filter(({ jobId, job }) => {
    const now = jobs.rows.get(jobId);
    if (now === undefined || stateOf(tables, now) !== 'RUNNING') return false;
    return sameRun(tables, job, now) && sameLimit(tables, RULE, job.name, now.jname);
  });

  // Released ones are locked too: somebody may be about to reserve one of them again, and that shows only as a lock.
  const held = new Map<string, AllocationVersionRow[]>(jobIdsOf(running).map((id) => [id, []]));
  const heldByOthers = await lockAllocationsOfJobs(session, tables, [...held.keys()], [], (row) => {
    if (statusOf(tables, row) !== 'RELEASED') held.get(row.ajob)?.push(row);
  });
  const due = running.filter((reservation) => {
    const allocations = held.get(reservation.jobId) ?? [];
    const ownHorizon = jobs.rows.get(reservation.jobId)?.jhorizon ?? null;
    return !heldByOthers.has(reservation.jobId) && isStillStale(tables, reservation, allocations, ownHorizon);
  });

  const failed = await updateToFailed(session, tables, jobIdsOf(due), { errorMsg, exitCode: EXIT_CODE, rule: RULE });
  const failedJobs = new Map(failed.map((job) => [job.id, job]));
  const ofFailed = due.filter(({ jobId }) => failedJobs.has(jobId));
  const released = await updateToReleased(session, tables, idsOf(ofFailed));
  return {
    changed: withJobs(due, released, failedJobs),
    contended: reservations.filter(({ jobId }) => jobs.heldByOthers.has(jobId) || heldByOthers.has(jobId)),
  };
}

/**
 * Whether the reservation is as it was read, over its job's own limit where it has one, and all that the job holds are
 * reservations as stale.
 */
function isStillStale(
  tables: Tables,
  reservation: AllocationWithJob,
  held: readonly AllocationVersionRow[],
  ownHorizon: string | null,
): boolean {
  const itself = held.find(({ aid }) => aid === reservation.id);
  if (itself === undefined || statusOf(tables, itself) !== 'RESERVED') return false;
  if (!sameAllocation(tables, reservation, itself)) return false;
  const others = ownHorizon === null ? held.filter((each) => each !== itself) : held;
  return others.every((each) => isStale(tables, reservation, each, ownHorizon));
}

/**
 * Whether an allocation of the job is a reservation before the horizon: that of the job's own limit, or the one that the
 * given reservation was judged by. A row made by hand carries none: then another one is stale when it is no younger than
 * the row that somebody called stale.
 */
function isStale(
  tables: Tables,
  reservation: AllocationWithJob,
  allocation: AllocationVersionRow,
  ownHorizon: string | null,
): boolean {
  const { allocationTime } = allocationsOf(tables).columns;
  const isDated = toDate(allocation.atime, allocationTime) !== null;
  if (statusOf(tables, allocation) !== 'RESERVED' || allocation.atime === null || !isDated) return false;
  const horizon = ownHorizon ?? reservation.version?.horizon;
  if (horizon != null) return isBefore(allocation.atime, horizon);
  const own = reservation.version?.allocationTime ?? fromDate(reservation.allocationTime, allocationTime);
  return own !== null && !isBefore(own, allocation.atime);
}

/** Compares two exact times: whole numbers by value, ISO 8601 texts in UTC by letter. */
function isBefore(time: string, other: string): boolean {
  const numeric = /^-?\d+$/;
  if (numeric.test(time) && numeric.test(other)) return BigInt(time) < BigInt(other);
  return time < other;
}
