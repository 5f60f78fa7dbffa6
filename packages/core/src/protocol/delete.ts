import { allOf, type Condition, EVERY, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Job } from '../model.js';
import { Children } from './children.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { jobRef, lockJobs } from './lock.js';
import type { Orphans } from './orphans.js';
import { writeGone } from './write.js';

/** A job to be deleted, as it was given and as it is now. */
interface Candidate {
  readonly given: Job;
  readonly now: Row;
}

/**
 * Deletes the given jobs that are finished as they were read and hold nothing, and their released allocations: as many
 * jobs as have no more allocations together than one statement takes. The others are the `rest`.
 *
 * @param orphans what an earlier delete of the same repository left, where there are no transactions.
 */
export async function deleteFinished(
  tx: Tx,
  context: Context,
  orphans: Orphans,
  jobs: readonly Job[],
): Promise<Written<Job, Job>> {
  const { rows, rules } = context;
  const old = rules.old(tx.now);
  const locked = await lockJobs(tx, context, jobs, jobRef, { where: old, columns: rows.jobVersion, limit: 'oldDays' });
  const candidates = jobs.flatMap((given): Candidate[] => {
    const now = locked.of(given);
    if (now === undefined || !rows.sameJob(given, now) || !rows.sameLimit('oldDays', given, now)) return [];
    return [{ given, now }];
  });
  const written = tx.abilities.atomic
    ? await childrenThenJobs(tx, context, candidates, old)
    : await jobsThenChildren(tx, context, orphans, candidates, old);
  const held = jobs.filter((job) => locked.isHeld(job));
  return { ...written, contended: [...held, ...written.contended] };
}

/** In a transaction both go or none. */
async function childrenThenJobs(
  tx: Tx,
  context: Context,
  candidates: readonly Candidate[],
  old: Condition,
): Promise<Written<Job, Job>> {
  const { mapped } = context;
  const children = await Children.lock(
    tx,
    context,
    candidates.map(({ now }) => now),
  );
  const those = (isMeant: (now: Row) => boolean) => candidates.filter(({ now }) => isMeant(now));
  const given = (some: readonly Candidate[]) => some.map((candidate) => candidate.given);
  const due = those((now) => children.mayGo(now));
  await children.remove();
  const isGuarded = tx.abilities.lock === 'beforehand' && mapped.hasAllocations;
  const guard = isGuarded ? allOf(old, not({ exists: mapped.allocations.ofJob, where: EVERY })) : old;
  const gone = await deleteJobs(tx, context, due, guard);
  return {
    changed: given(due.filter(({ now }) => gone.has(keyText(now.key)))),
    holding: given(those((now) => children.isHolding(now))),
    contended: given(those((now) => children.isContended(now))),
    rest: given(those((now) => children.isLeft(now))),
  };
}

/** Without transactions the guarded delete of the job decides, and what it held goes after it. */
async function jobsThenChildren(
  tx: Tx,
  context: Context,
  orphans: Orphans,
  candidates: readonly Candidate[],
  old: Condition,
): Promise<Written<Job, Job>> {
  const { mapped, rules } = context;
  const keys = candidates.map(({ now }) => now.key);
  const keepers =
    mapped.hasAllocations && keys.length > 0
      ? await tx.countRelated(mapped.allocations.ofJob, keys, not(rules.goesWithJob()))
      : new Map<string, number>();
  const isHolding = ({ now }: Candidate) => keepers.has(keyText(now.key));
  const due = candidates.filter((candidate) => !isHolding(candidate));
  const gone = await deleteJobs(tx, context, due, old);
  await orphans.remove(tx, context, [...gone.values()]);
  return {
    changed: due.filter(({ now }) => gone.has(keyText(now.key))).map(({ given }) => given),
    holding: candidates.filter(isHolding).map(({ given }) => given),
    contended: [],
  };
}

/** Deletes the jobs, and returns the keys of those that are gone by their texts. */
async function deleteJobs(
  tx: Tx,
  { mapped }: Context,
  due: readonly Candidate[],
  guard: Condition,
): Promise<ReadonlyMap<string, Key>> {
  const rows = due.map(({ now }) => now);
  const gone = await writeGone(tx, mapped.jobs.rows, rows, guard);
  return new Map(gone.map((key) => [keyText(key), key]));
}
