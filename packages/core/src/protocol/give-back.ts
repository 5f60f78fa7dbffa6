import type { Condition } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { Job, JobState } from '../model.js';
import type { Requeue } from '../rules/requeue.js';
import type { Context } from './context.js';
import type { LockedDue } from './fail.js';
import { HeldAllocations } from './held.js';
import type { Written } from './in-chunks.js';
import { PAGE_ROWS } from './related.js';
import { type Failure, writeFailed, writeGivenBack, writeReleased } from './write.js';

/** What jobs have become. */
export interface Ended {
  readonly row: Row;
  readonly state: JobState;
}

/** Gives locked jobs back whose tries are not used up, and fails the others: what each has become, by the text of its key. */
export async function endOrGiveBack(
  tx: Tx,
  context: Context,
  due: readonly Row[],
  requeue: Requeue | undefined,
  { failure, guard }: { readonly failure: Failure; readonly guard: Condition },
): Promise<ReadonlyMap<string, Ended>> {
  const again = requeue === undefined ? [] : due.filter((row) => requeue.hasTries(row, context.values));
  const isAgain = new Set(again);
  const failed = await writeFailed(
    tx,
    context,
    due.filter((row) => !isAgain.has(row)),
    failure,
    guard,
  );
  const givenBack = requeue === undefined ? [] : await writeGivenBack(tx, context, again, requeue, guard);
  const ended = (state: JobState) => (row: Row) => [keyText(row.key), { row, state }] as const;
  return new Map([...failed.map(ended('FAILED')), ...givenBack.map(ended('PENDING'))]);
}

/** Who is given back, how, and what becomes of those who are not. */
export interface GivingBack {
  readonly requeue: Requeue;
  readonly failure: Failure;
  /** Locks jobs, and finds those that are due. */
  readonly lock: (tx: Tx, context: Context, jobs: readonly Job[], columns: readonly string[]) => Promise<LockedDue>;
}

/**
 * Gives the given jobs back that are due as they were read, and releases all that they hold, in one transaction: as many jobs
 * as hold no more together than one statement takes, and one at least. The others are the `rest`. Jobs without tries fail.
 */
export async function giveBack(
  tx: Tx,
  context: Context,
  jobs: readonly Job[],
  { requeue, failure, lock }: GivingBack,
): Promise<Written<Job, Job>> {
  const { mapped, rows } = context;
  const { due, locked, guard } = await lock(tx, context, jobs, requeue.columns);
  const held = mapped.hasAllocations ? await HeldAllocations.lock(tx, context, due, []) : undefined;
  const isContended = (job: Row) => held?.isContended(job) ?? false;
  const taken = new Set<Row>();
  const released: Row[] = [];
  for (const job of due) {
    if (isContended(job)) continue;
    const own = held?.unreleasedOf(job) ?? [];
    if (taken.size > 0 && released.length + own.length > PAGE_ROWS) break;
    taken.add(job);
    released.push(...(requeue.hasTries(job, context.values) ? own : []));
  }
  const ended = await endOrGiveBack(tx, context, [...taken], requeue, { failure, guard });
  for (let from = 0; from < released.length; from += PAGE_ROWS)
    await writeReleased(tx, context, released.slice(from, from + PAGE_ROWS));
  const now = (job: Job) => locked.of(job);
  const isDue = new Set(due);
  return {
    changed: [...ended.values()].flatMap(({ row, state }) => rows.toJob(row, state) ?? []),
    contended: jobs.filter((job) => {
      const row = now(job);
      return locked.isHeld(job) || (row !== undefined && isContended(row));
    }),
    rest: jobs.filter((job) => {
      const row = now(job);
      return row !== undefined && isDue.has(row) && !taken.has(row) && !isContended(row);
    }),
  };
}
