import { allOf, type Condition, EVERY, isNone, linksIn, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import { JobsweepError } from '../errors.js';
import type { Job } from '../model.js';
import { hangingOn } from '../rules/hanging.js';
import type { Mapped } from '../rules/mapped.js';
import { Children } from './children.js';
import type { Context } from './context.js';
import { clearDependents, makeWay } from './dependents.js';
import { writeGone } from './gone.js';
import type { Written } from './in-chunks.js';
import { jobRef, lockJobs } from './lock.js';
import { beyondNewest } from './newest.js';
import type { Orphans } from './orphans.js';

/** A job to be deleted, as it was given and as it is now. */
interface Candidate {
  readonly given: Job;
  readonly now: Row;
}

/**
 * Deletes the given jobs that are finished as they were read and hold nothing, and before them what hangs on them, their
 * released allocations and the mapped dependents: as many jobs as have no more of it together than one statement takes. The
 * others are the `rest`.
 *
 * @param orphans what an earlier delete of the same repository left, where there are no transactions.
 */
export async function deleteFinished(
  tx: Tx,
  context: Context,
  orphans: Orphans,
  jobs: readonly Job[],
): Promise<Written<Job, Job>> {
  const { mapped, rows, rules } = context;
  requireTransactions(tx, mapped);
  const newest = rules.newest();
  const old = allOf(rules.old(tx.now), newest?.isDated ?? EVERY);
  const columns = newest?.column == null ? rows.jobVersion : [...rows.jobVersion, newest.column];
  const locked = await lockJobs(tx, context, jobs, jobRef, { where: old, columns, limit: 'oldDays' });
  const asRead = jobs.flatMap((given): Candidate[] => {
    const now = locked.of(given);
    if (now === undefined || !rows.sameJob(given, now) || !rows.sameLimit('oldDays', given, now)) return [];
    return [{ given, now }];
  });
  const beyond = newest && (await beyondNewest(tx, context, newest, nowOf(asRead)));
  const given = (some: readonly Row[] = []) => {
    const meant = new Set(some);
    return asRead.filter(({ now }) => meant.has(now));
  };
  const candidates = beyond === null ? asRead : given(beyond.due);
  const kept = await keptOf(tx, mapped, candidates);
  const others = candidates.filter((candidate) => !kept.has(candidate));
  const guard = isNone(mapped.dependents.keep) ? old : allOf(old, not(mapped.dependents.keep));
  const written = tx.abilities.atomic
    ? await childrenThenJobs(tx, context, others, guard)
    : await jobsThenChildren(tx, context, orphans, others, guard);
  const held = jobs.filter((job) => locked.isHeld(job));
  const keeping = [...kept].map(({ given }) => given);
  return {
    ...written,
    holding: [...keeping, ...(written.holding ?? [])],
    contended: [...held, ...givenOf(given(beyond?.contended)), ...written.contended],
    rest: [...givenOf(given(beyond?.rest)), ...(written.rest ?? [])],
  };
}

const nowOf = (candidates: readonly Candidate[]): Row[] => candidates.map(({ now }) => now);
const givenOf = (candidates: readonly Candidate[]): Job[] => candidates.map(({ given }) => given);

/**
 * Throws `TRANSACTIONS_REQUIRED` where a job could go without what hangs on it, which nothing would find again, or without
 * its copy.
 */
export function requireTransactions({ abilities }: Tx, { dependents, archives }: Mapped): void {
  const [option, danger] =
    dependents.delete.length > 0
      ? ['schema.dependents.delete', 'a row could stay behind its job']
      : ['schema.archive', 'a row could be deleted and not be kept'];
  if (abilities.atomic || (dependents.delete.length === 0 && archives.length === 0)) return;
  const message =
    `${option} needs transactions, which this server does not have: ${danger}. ` +
    'Leave it out, or make the server a replica set.';
  throw new JobsweepError('TRANSACTIONS_REQUIRED', message);
}

/** The jobs that a row of another table keeps, looked up in a statement after the lock. */
async function keptOf(
  tx: Tx,
  { dependents }: Mapped,
  candidates: readonly Candidate[],
): Promise<ReadonlySet<Candidate>> {
  const kept = new Set<Candidate>();
  if (candidates.length === 0) return kept;
  const keys = candidates.map(({ now }) => now.key);
  for (const { exists, where } of linksIn(dependents.keep)) {
    const counts = await tx.countRelated(exists, keys, where);
    for (const candidate of candidates) if (counts.has(keyText(candidate.now.key))) kept.add(candidate);
  }
  return kept;
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
  await clear(tx, mapped, children, (isMeant) => those(isMeant).map(({ now }) => now.key));
  const due = those((now) => children.mayGo(now));
  const links = hangingOn(mapped).map(({ link }) => link);
  const isGuarded = tx.abilities.lock === 'beforehand' && links.length > 0;
  const guard = isGuarded ? allOf(old, ...links.map((link) => not({ exists: link, where: EVERY }))) : old;
  const gone = await deleteJobs(tx, context, due, guard);
  return {
    changed: given(due.filter(({ now }) => gone.has(keyText(now.key)))),
    holding: given(those((now) => children.isHolding(now))),
    // What is refused without an error, by its guard or by a trigger of the user's, is left to the next pass too.
    contended: [
      ...given(those((now) => children.isContended(now))),
      ...given(due.filter(({ now }) => !gone.has(keyText(now.key)))),
    ],
    rest: given(those((now) => children.isLeft(now))),
  };
}

/**
 * Deletes what hangs on jobs that go, or on their allocations, as much as one statement takes, and then their allocations.
 * Before, what the archive has of earlier jobs with their keys.
 */
async function clear(
  tx: Tx,
  mapped: Mapped,
  children: Children,
  keysOf: (isMeant: (now: Row) => boolean) => readonly Key[],
): Promise<void> {
  const going = () => keysOf((now) => children.goes(now));
  children.spare(await makeWay(tx, mapped, mapped.jobs.rows, hangingOn(mapped), going()));
  // A dependent between both tells whose the allocations are, and they may refer to it: it is the last to go.
  const isBetween = mapped.hasAllocations && mapped.allocations.between !== null;
  if (isBetween) await children.remove();
  const parents = isBetween ? keysOf((now) => children.mayGo(now)) : going();
  children.spare(await clearDependents(tx, mapped, mapped.dependents.delete, parents));
  if (!isBetween) await children.remove();
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
  const gone = await writeGone(tx, mapped, mapped.jobs.rows, rows, guard);
  return new Map(gone.map((key) => [keyText(key), key]));
}
