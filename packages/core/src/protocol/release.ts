import { allOf } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { Settling } from '../repository.js';
import { settledBefore } from '../rules/limits.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { jobRef, jobRefOf, type LockedRows, lockAllocations, lockJobs } from './lock.js';
import { PAGE_AND_ONE, PAGE_ROWS } from './related.js';
import { fence, writeReleased } from './write.js';

/** Releases the given allocations whose job is finished, still in the run they were read in. */
export async function releaseOfFinished(
  tx: Tx,
  context: Context,
  allocations: readonly AllocationWithJob[],
  { settleSeconds }: Settling = {},
): Promise<Written<AllocationWithJob, AllocationWithJob>> {
  const { rows, rules } = context;
  const finished = { where: rules.settled(settledBefore(tx.now, settleSeconds)), columns: rows.jobRun };
  const jobs = await lockJobs(tx, context, allocations, jobRefOf, finished);
  const ofFinished = allocations.filter((given) => {
    const now = jobs.of(given);
    return now !== undefined && rows.sameRun(given.job, now);
  });
  const locked = await lockAllocations(tx, context, ofFinished, rules.isUnreleased());
  const due = ofFinished.flatMap((given) => {
    const now = locked.of(given);
    return now !== undefined && rows.sameAllocation(given, now) ? now : [];
  });
  const released = locked.changed(await release(tx, context, jobs, due));
  return {
    changed: ofFinished.flatMap((given) => {
      const now = released.of(given);
      return (now && rows.withJob(given.job, now)) ?? [];
    }),
    contended: allocations.filter((given) => jobs.isHeld(given) || locked.isHeld(given)),
  };
}

/**
 * Releases what the given jobs hold, where the job is finished and has not started again since it was read: as many
 * allocations as one statement takes. Jobs that may hold more are the `rest`.
 */
export async function releaseOfJobs(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
  justFinished = false,
): Promise<Written<Job, ResourceAllocation>> {
  const { mapped, rows, rules } = context;
  const { finished, held, locked } =
    justFinished && tx.abilities.lock === 'beforehand' ? lockedBefore(context, jobs) : await lockNow(tx, context, jobs);
  const unreleased = {
    link: mapped.allocations.ofJob,
    where: rules.isUnreleased(),
    order: 'parent',
    limit: PAGE_AND_ONE,
  } as const;
  const parents = finished.map(({ key }) => key);
  const none = { rows: [], held: [] };
  const where = locked === undefined ? allOf(unreleased.where, rules.ofJob(rules.finished())) : unreleased.where;
  const page =
    parents.length === 0
      ? none
      : await tx.lockRelated({
          ...unreleased,
          where,
          parents,
          columns: rows.allocationVersion,
          labels: rows.allocationLabels,
        });
  // A column that is compared as its collation has it finds rows that name another job, to the letter.
  const asked = new Set(parents.map(keyText));
  const due = page.rows.slice(0, PAGE_ROWS).filter((row) => asked.has(keyText(rows.jobKeyOf(row))));
  const released = await release(tx, context, locked, due);

  // The page may end in the middle of what its last job holds, and says nothing of jobs that are not in it.
  const isFull = page.rows.length > PAGE_ROWS && released.length > 0;
  const whole = new Set(isFull ? page.rows.map((row) => keyText(rows.jobKeyOf(row))) : []);
  const last = page.rows.at(-1);
  if (last !== undefined) whole.delete(keyText(rows.jobKeyOf(last)));
  const isLeft = (key: Key) => isFull && !whole.has(keyText(key));

  // For the report alone: nothing is decided by what others still hold.
  const others = [...held, ...parents.filter((key) => !isLeft(key))];
  const isAsked = tx.abilities.lock === 'beforehand' && others.length > 0;
  const left = isAsked
    ? await tx.related({ ...unreleased, parents: others, columns: rows.allocation, labels: rows.allocationLabels })
    : [];
  return {
    changed: released.flatMap((row) => rows.toAllocation(row, undefined, 'RELEASED') ?? []),
    contended: left.flatMap((row) => rows.toAllocation(row) ?? []),
    rest: finished.filter(({ key }) => isLeft(key)).map(({ given }) => given),
  };
}

/** Jobs whose allocations are to be released. */
interface Holders {
  readonly finished: readonly { readonly given: Job; readonly key: Key }[];
  /** Those that others hold. */
  readonly held: readonly Key[];
  /** Absent: they were locked before, and whether they are finished is a condition on their allocations. */
  readonly locked?: LockedRows<Job>;
}

/** Jobs that the transaction has changed are locked until it ends. */
function lockedBefore({ mapped, values }: Context, jobs: readonly Job[]): Holders {
  const finished = jobs.flatMap((given) =>
    values.keysOf(mapped.jobs.rows, given.id, given.version?.id).map((key) => ({ given, key })),
  );
  return { finished, held: [] };
}

async function lockNow(tx: Tx, context: Context, jobs: readonly Job[]): Promise<Holders> {
  const { mapped, rows, rules, values } = context;
  const locked = await lockJobs(tx, context, jobs, jobRef, { where: rules.finished(), columns: rows.jobRun });
  const finished = jobs.flatMap((given) => {
    const now = locked.of(given);
    return now !== undefined && rows.sameRun(given, now) ? [{ given, key: now.key }] : [];
  });
  const held = jobs
    .filter((job) => locked.isHeld(job))
    .flatMap(({ id, version }) => values.keysOf(mapped.jobs.rows, id, version?.id));
  return { finished, held, locked };
}

/** Releases allocations of finished jobs, which must be finished until the transaction ends. */
async function release(
  tx: Tx,
  context: Context,
  jobs: LockedRows<never> | undefined,
  due: readonly Row[],
): Promise<Row[]> {
  if (tx.abilities.fence !== null) {
    const reliedOn = new Set(due.flatMap((row) => jobs?.withKey(context.rows.jobKeyOf(row)) ?? []));
    await fence(tx, context, [...reliedOn], context.rules.finished());
  }
  return writeReleased(tx, context, due);
}
