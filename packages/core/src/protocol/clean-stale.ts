import type { Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { AllocationWithJob } from '../model.js';
import type { StaleOf } from '../repository.js';
import { DEFAULT_STALE_JOB_STATES } from '../rules/rules.js';
import type { Context } from './context.js';
import { HeldAllocations } from './held.js';
import type { Written } from './in-chunks.js';
import { jobRefOf, lockJobs } from './lock.js';
import { type Failure, writeFailed, writeReleased } from './write.js';

const RULE = 'staleReservationMinutes';

/** Fails the jobs of the given reservations and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  tx: Tx,
  context: Context,
  reservations: readonly AllocationWithJob[],
  failure: Failure,
  { jobStates = DEFAULT_STALE_JOB_STATES }: StaleOf = {},
): Promise<Written<AllocationWithJob, AllocationWithJob>> {
  const { rows, rules } = context;
  rules.heldSince();
  const where = rules.unfinished(jobStates);
  // One that waited and runs by now was begun in between.
  const isOneState = jobStates.length === 1;
  const columns = isOneState ? rows.jobRun : rows.jobVersion;
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

  const failedRows = await writeFailed(tx, context, [...new Set(due.map(({ job }) => job))], failure, where);
  const failed = new Map(failedRows.map((row) => [keyText(row.key), row]));
  const ofFailed = due.filter(({ job }) => failed.has(keyText(job.key)));
  const releasedRows = await writeReleased(
    tx,
    context,
    ofFailed.map(({ now }) => now),
  );
  const released = new Map(releasedRows.map((row) => [keyText(row.key), row]));
  return {
    changed: ofFailed.flatMap(({ given, job, now }) => {
      const after = released.get(keyText(now.key));
      const failedJob = failed.get(keyText(job.key));
      if (after === undefined || failedJob === undefined) return [];
      return rows.withJob(rows.toJob(failedJob, 'FAILED') ?? given.job, after) ?? [];
    }),
    contended: reservations.filter((given) => {
      const job = jobs.of(given);
      return jobs.isHeld(given) || (job !== undefined && held.isContended(job));
    }),
  };
}
