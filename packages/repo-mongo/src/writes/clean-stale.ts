import type { AllocationWithJob } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { isNoneOf } from '../reads/conditions.js';
import { ownReservationLimitMs, sameLimit } from '../reads/limits.js';
import { isBeforeHorizon } from '../reads/stale.js';
import { type AllocationRow, sameAllocation, statusOf } from '../rows/allocation-row.js';
import { type JobRow, nameOf, sameRun, stateOf } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText, fromExactText } from '../values/bson.js';
import { type RawTime, rawHorizon, toDate } from '../values/times.js';
import { allocationRef, allocationsOfJobs, currentAllocations, currentJobs, jobRefOf } from './current.js';
import { updateToFailed, updateToReleased } from './update.js';
import { type Due, withJobs } from './with-jobs.js';

const EXIT_CODE = '-3:0';
const RULE = 'staleReservationMinutes';

/** Fails the jobs of the given reservations and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  session: OpenSession,
  mapping: Mapping,
  reservations: readonly AllocationWithJob[],
  errorMsg: string,
): Promise<AllocationWithJob[]> {
  const { bson } = mapping;
  const jobs = await currentJobs(session, mapping, reservations.map(jobRefOf), RULE);
  const running = reservations.filter((reservation) => {
    const now = jobs.of(jobRefOf(reservation));
    if (now === undefined || stateOf(mapping, now) !== 'RUNNING') return false;
    return sameRun(mapping, reservation.job, now) && sameLimit(mapping, RULE, reservation.job.name, nameOf(now));
  });

  const { fields, statuses } = allocationsOf(mapping);
  const jobRows = [...new Set(running.flatMap((reservation) => jobs.of(jobRefOf(reservation)) ?? []))];
  const held = await allocationsOfJobs(session, mapping, jobRows, isNoneOf(fields.status, statuses.rawOf('RELEASED')));
  const heldOf = new Map<string | null, AllocationRow[]>(jobRows.map(({ jid }) => [exactText(bson, jid), []]));
  for (const row of held) heldOf.get(exactText(bson, row.ajob))?.push(row);
  const current = await currentAllocations(session, mapping, running.map(allocationRef));

  const due = running.flatMap((reservation) => {
    const row = current.of(allocationRef(reservation));
    const job = jobs.of(jobRefOf(reservation));
    if (row === undefined || job === undefined || statusOf(mapping, row) !== 'RESERVED') return [];
    if (!sameAllocation(mapping, reservation, row)) return [];
    const horizon = horizonOf(session, mapping, reservation, job);
    const siblings = heldOf.get(exactText(bson, job.jid)) ?? [];
    return siblings.every((each) => isStale(mapping, row, each, horizon)) ? [{ given: reservation, row, job }] : [];
  });

  const failure = { errorMsg, exitCode: EXIT_CODE, rule: RULE } as const;
  const failed = await updateToFailed(session, mapping, [...new Set(due.map(({ job }) => job))], failure);
  const failedJobs = new Map(failed.map((job) => [job.version?.id, job]));
  const failedJobOf = ({ row }: Due) => failedJobs.get(exactText(bson, row.ajob));
  const ofFailed = due.filter((each) => failedJobOf(each) !== undefined);
  const released = await updateToReleased(
    session,
    mapping,
    ofFailed.map(({ row }) => row),
  );
  return withJobs(bson, due, released, (each) => failedJobOf(each) ?? each.given.job);
}

/** The horizon to judge by: that of the job's own limit, or the one that the reservation was read by. */
function horizonOf(
  session: OpenSession,
  mapping: Mapping,
  reservation: AllocationWithJob,
  job: JobRow,
): RawTime | null {
  const own = ownReservationLimitMs(mapping, nameOf(job));
  if (own !== undefined) return rawHorizon(session.nowMs - own, allocationsOf(mapping).fields.allocationTime.codec);
  return fromExactText(mapping.bson, reservation.version?.horizon ?? null) as RawTime | null;
}

/**
 * Whether an allocation of the job is a reservation before the horizon. A row made by hand carries none: then the row
 * itself is as stale as somebody called it, and so is a sibling that is no younger.
 */
function isStale(mapping: Mapping, itself: AllocationRow, allocation: AllocationRow, horizon: RawTime | null): boolean {
  if (horizon !== null) return isBeforeHorizon(mapping, allocation, horizon);
  if (exactText(mapping.bson, allocation.aid) === exactText(mapping.bson, itself.aid))
    return statusOf(mapping, allocation) === 'RESERVED';
  const { allocationTime } = allocationsOf(mapping).fields;
  const isDated = toDate(itself.atime, allocationTime) !== null && toDate(allocation.atime, allocationTime) !== null;
  return isDated && statusOf(mapping, allocation) === 'RESERVED' && Number(allocation.atime) <= Number(itself.atime);
}
