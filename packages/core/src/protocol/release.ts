import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { allocationRef, jobRef, jobRefOf, type LockedRows, lockAllocations, lockJobs } from './lock.js';
import { PAGE_ROWS } from './related.js';
import { fence, writeReleased } from './write.js';

/** Releases the given allocations whose job is finished, still in the run they were read in. */
export async function releaseOfFinished(
  tx: Tx,
  context: Context,
  allocations: readonly AllocationWithJob[],
): Promise<Written<AllocationWithJob, AllocationWithJob>> {
  const { rows, rules } = context;
  const jobs = await lockJobs(tx, context, allocations.map(jobRefOf), rules.finished());
  const ofFinished = allocations.filter((given) => {
    const now = jobs.of(jobRefOf(given));
    return now !== undefined && rows.sameRun(given.job, now);
  });
  const locked = await lockAllocations(tx, context, ofFinished.map(allocationRef), rules.isUnreleased());
  const due = ofFinished.flatMap((given) => {
    const now = locked.of(allocationRef(given));
    return now !== undefined && rows.sameAllocation(given, now) ? [{ given, now }] : [];
  });
  const released = await release(
    tx,
    context,
    jobs,
    due.map(({ now }) => now),
  );
  const byKey = new Map(released.map((row) => [keyText(row.key), row]));
  return {
    changed: rows.withJobs(
      due.flatMap(({ given, now }) => {
        const after = byKey.get(keyText(now.key));
        return after === undefined ? [] : [{ given, now: after }];
      }),
    ),
    contended: allocations.filter((given) => jobs.isHeld(jobRefOf(given)) || locked.isHeld(allocationRef(given))),
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
): Promise<Written<Job, ResourceAllocation>> {
  const { mapped, rows, rules, values } = context;
  const locked = await lockJobs(tx, context, jobs.map(jobRef), rules.finished());
  const finished = jobs.flatMap((given) => {
    const now = locked.of(jobRef(given));
    return now !== undefined && rows.sameRun(given, now) ? [{ given, key: now.key }] : [];
  });
  const unreleased = {
    link: mapped.allocations.ofJob,
    where: rules.isUnreleased(),
    order: 'parent',
    limit: PAGE_ROWS,
  } as const;
  const parents = finished.map(({ key }) => key);
  const none = { rows: [], held: [] };
  const page =
    parents.length === 0 ? none : await tx.lockRelated({ ...unreleased, parents, columns: rows.allocationVersion });
  const released = await release(tx, context, locked, page.rows);

  // The page may end in the middle of what its last job holds, and says nothing of jobs that are not in it.
  const isFull = page.rows.length === PAGE_ROWS && released.length > 0;
  const whole = new Set(page.rows.map((row) => keyText(rows.jobKeyOf(row))));
  const last = page.rows.at(-1);
  if (last !== undefined) whole.delete(keyText(rows.jobKeyOf(last)));
  const isLeft = (key: Key) => isFull && !whole.has(keyText(key));
  const held = jobs
    .filter((job) => locked.isHeld(jobRef(job)))
    .flatMap(({ id, version }) => values.keysOf(mapped.jobs.rows, id, version?.id));

  // For the report alone: nothing is decided by what others still hold.
  const others = [...held, ...parents.filter((key) => !isLeft(key))];
  const isAsked = tx.abilities.lock === 'beforehand' && others.length > 0;
  const left = isAsked ? await tx.related({ ...unreleased, parents: others, columns: rows.allocation }) : [];
  const toAllocations = (some: readonly Row[]) => some.flatMap((row) => rows.toAllocation(row) ?? []);
  return {
    changed: toAllocations(released),
    contended: toAllocations(left),
    rest: finished.filter(({ key }) => isLeft(key)).map(({ given }) => given),
  };
}

/** Releases allocations of finished jobs, which must be finished until the transaction ends. */
async function release(tx: Tx, context: Context, jobs: LockedRows, due: readonly Row[]): Promise<Row[]> {
  const reliedOn = new Set(due.flatMap((row) => jobs.withKey(context.rows.jobKeyOf(row)) ?? []));
  await fence(tx, context, [...reliedOn], context.rules.finished());
  return writeReleased(tx, context, due);
}
