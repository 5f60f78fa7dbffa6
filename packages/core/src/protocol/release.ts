import type { Row, Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { AllocationWithJob, Job, ResourceAllocation } from '../model.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { allocationRef, jobRef, jobRefOf, type LockedRows, lockAllocations, lockJobs } from './lock.js';
import { eachPage, PAGE_ROWS } from './related.js';
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

/** Releases all that the given jobs hold, where the job is finished and has not started again since it was read. */
export async function releaseOfJobs(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
): Promise<Written<Job, ResourceAllocation>> {
  const { mapped, rows, rules, values } = context;
  const locked = await lockJobs(tx, context, jobs.map(jobRef), rules.finished());
  const finished = jobs.flatMap((job) => {
    const now = locked.of(jobRef(job));
    return now !== undefined && rows.sameRun(job, now) ? [now.key] : [];
  });
  const held = jobs
    .filter((job) => locked.isHeld(jobRef(job)))
    .flatMap(({ id, version }) => values.keysOf(mapped.jobs.rows, id, version?.id));

  const changed: Row[] = [];
  const unreleased = { link: mapped.allocations.ofJob, where: rules.isUnreleased() };
  const query = { ...unreleased, parents: finished, columns: rows.allocationVersion };
  await eachPage(tx, query, async (page) => {
    changed.push(...(await release(tx, context, locked, page.rows)));
  });
  // For the report alone: nothing is decided by what others still hold.
  const left = { ...unreleased, parents: [...finished, ...held], columns: rows.allocation, limit: PAGE_ROWS };
  const contended = context.abilities.lock === 'atCommit' || left.parents.length === 0 ? [] : await tx.related(left);
  const toAllocations = (some: readonly Row[]) => some.flatMap((row) => rows.toAllocation(row) ?? []);
  return { changed: toAllocations(changed), contended: toAllocations(contended) };
}

/** Releases allocations of finished jobs, which must be finished until the transaction ends. */
async function release(tx: Tx, context: Context, jobs: LockedRows, due: readonly Row[]): Promise<Row[]> {
  const reliedOn = new Set(due.flatMap((row) => jobs.withKey(context.rows.jobKeyOf(row)) ?? []));
  await fence(tx, context, [...reliedOn], context.rules.finished());
  return writeReleased(tx, context, due);
}
