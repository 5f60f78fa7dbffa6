import type { Tx } from '../driver/driver.js';
import type { Row } from '../driver/row.js';
import type { Condition } from '../driver/table.js';
import type { Job } from '../model.js';
import type { StuckBy } from '../rules/rules.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { jobRef, type LockedRows, lockJobs } from './lock.js';
import { type Failure, writeFailed } from './write.js';

/** Fails the given jobs that are RUNNING, in the run they were read in, and have given no sign of life since. */
export async function failRunning(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
  failure: Failure,
): Promise<Written<Job, Job>> {
  const { due, locked, guard } = await lockStuck(tx, context, jobs);
  return told(context, jobs, locked, await writeFailed(tx, context, due, failure, guard));
}

/** Jobs that are locked, those of them that are due as they were read, and what guards a write of these. */
export interface LockedDue {
  readonly due: readonly Row[];
  readonly locked: LockedRows<Job>;
  readonly guard: Condition;
}

/**
 * Locks jobs, and finds those that are stuck as they were read.
 *
 * @param columns what is asked of them besides.
 */
export async function lockStuck(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
  columns: readonly string[] = [],
): Promise<LockedDue> {
  const { rows, rules } = context;
  const guard = rules.stuck(tx.now, readBy(jobs));
  const locked = await lockJobs(tx, context, jobs, jobRef, {
    where: guard,
    columns: [...rows.jobVersion, ...columns],
    limit: 'stuckHours',
  });
  const due = jobs.flatMap((job) => {
    const now = locked.of(job);
    if (now === undefined || !rows.sameJob(job, now) || !rows.sameHeartbeat(job, now)) return [];
    return rows.sameLimit('stuckHours', job, now) ? [now] : [];
  });
  return { due, locked, guard };
}

/** Fails the given jobs that are PENDING and never have started, as they were read. */
export async function failWaiting(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
  failure: Failure,
): Promise<Written<Job, Job>> {
  const { due, locked, guard } = await lockWaiting(tx, context, jobs);
  return told(context, jobs, locked, await writeFailed(tx, context, due, failure, guard));
}

/** The same as `lockStuck` of jobs that wait for their first start. */
export async function lockWaiting(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
  columns: readonly string[] = [],
): Promise<LockedDue> {
  const { rows, rules } = context;
  const guard = rules.neverStarted();
  const locked = await lockJobs(tx, context, jobs, jobRef, {
    where: guard,
    columns: [...rows.jobVersion, ...columns],
  });
  const due = jobs.flatMap((job) => {
    const now = locked.of(job);
    return now !== undefined && rows.sameJob(job, now) ? [now] : [];
  });
  return { due, locked, guard };
}

const told = (
  { rows }: Context,
  jobs: readonly Job[],
  locked: LockedRows<Job>,
  failed: readonly Row[],
): Written<Job, Job> => ({
  changed: failed.flatMap((row) => rows.toJob(row, 'FAILED') ?? []),
  contended: jobs.filter((job) => locked.isHeld(job)),
});

/** What jobs were read by, as far as a sign in another table has to be compared with it: of several instants the first. */
function readBy(jobs: readonly Job[]): StuckBy {
  const first = (name: 'horizon' | 'silentSince') =>
    jobs.reduce<bigint | undefined>((least, { version }) => {
      const since = version?.[name];
      if (since == null) return least;
      return least === undefined || BigInt(since) < least ? BigInt(since) : least;
    }, undefined);
  return { horizon: first('horizon'), silentSince: first('silentSince') };
}
