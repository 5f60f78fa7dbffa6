import type { Tx } from '../driver/driver.js';
import { keyText, microsOf } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { AllocationWithJob } from '../model.js';
import type { StaleOf } from '../repository.js';
import type { Requeue } from '../rules/requeue.js';
import { DEFAULT_STALE_JOB_STATES } from '../rules/rules.js';
import type { Context } from './context.js';
import { endOrGiveBack } from './give-back.js';
import { HeldAllocations } from './held.js';
import type { Written } from './in-chunks.js';
import { jobRefOf, lockJobs } from './lock.js';
import { PAGE_ROWS } from './related.js';
import { type Failure, writeReleased } from './write.js';

const RULE = 'staleReservationMinutes';

/** Fails the jobs of the given reservations, or gives them back, and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  tx: Tx,
  context: Context,
  reservations: readonly AllocationWithJob[],
  failure: Failure,
  { jobStates, requeue }: { readonly jobStates?: StaleOf['jobStates']; readonly requeue?: Requeue | undefined } = {},
): Promise<Written<AllocationWithJob, AllocationWithJob>> {
  const { rows, rules } = context;
  rules.heldSince();
  const where = rules.staleJob(requeue && readBefore(reservations), jobStates);
  // One that waited and runs by now was begun in between.
  const isOneState = (jobStates ?? DEFAULT_STALE_JOB_STATES).length === 1;
  const columns = [...(isOneState ? rows.jobRun : rows.jobVersion), ...(requeue?.columns ?? [])];
  const jobs = await lockJobs(tx, context, reservations, jobRefOf, { where, columns, limit: RULE });
  const ofUnfinished = reservations.flatMap((given) => {
    const job = jobs.of(given);
    if (job === undefined || !rows.sameRun(given.job, job) || !rows.sameLimit(RULE, given.job, job)) return [];
    return isOneState || rows.sameState(given.job, job) ? [{ given, job }] : [];
  });
  const held = await HeldAllocations.lock(
    tx,
    context,
    [...new Set(ofUnfinished.map(({ job }) => job))],
    ofUnfinished.map(({ given }) => given),
  );
  const due = ofUnfinished.flatMap(({ given, job }) => {
    const now = held.stale(given, job);
    return now === undefined ? [] : [{ given, job, now }];
  });

  const jobsDue = [...new Set(due.map(({ job }) => job))];
  const ended = await endOrGiveBack(tx, context, jobsDue, requeue, { failure, guard: where });
  const endedOf = (job: Row) => ended.get(keyText(job.key));
  const ofEnded = due.filter(({ job }) => endedOf(job) !== undefined);
  // A job that waits again holds nothing: all of it goes, whichever reservation it was found by.
  const ofGivenBack = jobsDue
    .filter((job) => endedOf(job)?.state === 'PENDING')
    .flatMap((job) => held.unreleasedOf(job));
  const release = [...new Set([...ofEnded.map(({ now }) => now), ...ofGivenBack])];
  const releasedRows: Row[] = [];
  for (let from = 0; from < release.length; from += PAGE_ROWS)
    releasedRows.push(...(await writeReleased(tx, context, release.slice(from, from + PAGE_ROWS))));
  const released = new Map(releasedRows.map((row) => [keyText(row.key), row]));
  return {
    changed: ofEnded.flatMap(({ given, job, now }) => {
      const after = released.get(keyText(now.key));
      const end = endedOf(job);
      if (after === undefined || end === undefined) return [];
      return rows.withJob(rows.toJob(end.row, end.state) ?? given.job, after) ?? [];
    }),
    contended: reservations.filter((given) => {
      const job = jobs.of(given);
      return jobs.isHeld(given) || (job !== undefined && held.isContended(job));
    }),
  };
}

/** Since when no job of these may have given a sign of life: as they were read, or else since the first of their reservations. */
function readBefore(reservations: readonly AllocationWithJob[]): bigint {
  const each = reservations.map(({ job, allocationTime }) => {
    if (job.version?.silentSince != null) return BigInt(job.version.silentSince);
    return allocationTime === null ? 0n : microsOf(allocationTime);
  });
  return each.sort((one, other) => (one < other ? -1 : 1))[0] ?? 0n;
}
