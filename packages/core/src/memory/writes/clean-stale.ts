import type { AllocationWithJob } from '../../model.js';
import type { WriteOutcome } from '../../repository.js';
import type { Context } from '../context.js';
import type { AllocationRow } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { justAfter } from '../engine/times.js';
import { ownHorizon, sameLimit } from '../filters.js';
import { byId, idsOf, jobIdsOf } from '../rows/ids.js';
import { lockAllocationsOfJobs, lockJobs } from './lock.js';
import { updateToFailed, updateToReleased, withJobs } from './update.js';

const EXIT_CODE = '-3:0';
const LIMIT = 'staleReservationMinutes';

/** Fails the jobs of the given reservations and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  session: MemorySession,
  context: Context,
  reservations: readonly AllocationWithJob[],
  errorMsg: string,
): Promise<WriteOutcome<AllocationWithJob>> {
  const { rules, filters } = context;
  const jobs = await lockJobs(session, context, jobIdsOf(reservations));
  const running = reservations.filter(({ jobId, job }) => {
    const now = jobs.rows.get(jobId);
    if (now === undefined || !rules.isRunning(now) || !rules.sameRun(job, now)) return false;
    return sameLimit(filters, LIMIT, job, now);
  });

  // Released ones are locked too: somebody may be about to reserve one of them again, and that shows only as a lock.
  const held = await lockAllocationsOfJobs(session, jobIdsOf(running));
  const due = running.filter((reservation) => {
    const { jobId } = reservation;
    const now = jobs.rows.get(jobId);
    if (now === undefined || held.heldByOthers.has(jobId)) return false;
    return isStillStale(context, reservation, held.ofJob.get(jobId) ?? [], ownHorizon(context, LIMIT, now));
  });

  const failed = byId(await updateToFailed(session, context, jobIdsOf(due), errorMsg, EXIT_CODE));
  const released = await updateToReleased(session, context, idsOf(due.filter(({ jobId }) => failed.has(jobId))));
  return {
    changed: withJobs(due, released, failed),
    contended: reservations.filter(({ jobId }) => jobs.heldByOthers.has(jobId) || held.heldByOthers.has(jobId)),
  };
}

/**
 * Whether the reservation is as it was read, over its job's own limit where there is one, and nothing else that the job
 * holds keeps the job alive.
 */
function isStillStale(
  { rules }: Context,
  reservation: AllocationWithJob,
  held: readonly AllocationRow[],
  own: string | null,
): boolean {
  const itself = held.find(({ id }) => id === reservation.id);
  if (itself === undefined || !rules.isReserved(itself) || !rules.sameAllocation(reservation, itself)) return false;
  if (own !== null && !rules.isBefore(itself.allocationTime, own)) return false;
  const horizon = own ?? reservation.version?.horizon ?? horizonByHand(reservation);
  return horizon !== null && held.every((sibling) => sibling === itself || !rules.keepsAlive(sibling, horizon));
}

/** A row made by hand carries no horizon: a sibling is stale when it is no younger than the row somebody calls stale. */
function horizonByHand({ version, allocationTime }: AllocationWithJob): string | null {
  const own = version?.allocationTime ?? allocationTime;
  return own === null ? null : justAfter(own);
}
