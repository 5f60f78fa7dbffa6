import { allOf, EVERY, not } from '../driver/condition.js';
import type { Row, Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import type { Job } from '../model.js';
import { Children } from './children.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { jobRef, lockJobs } from './lock.js';
import { writeGone } from './write.js';

/** A job to be deleted, as it was given and as it is now. */
interface Candidate {
  readonly given: Job;
  readonly now: Row;
}

/**
 * Deletes the given jobs that are finished as they were read and hold nothing, after their released allocations: as many
 * jobs as have no more allocations together than one statement takes. The others are the `rest`.
 */
export async function deleteFinished(tx: Tx, context: Context, jobs: readonly Job[]): Promise<Written<Job, Job>> {
  const { mapped, rows, rules } = context;
  const { abilities } = tx;
  const old = rules.old(tx.now);
  const locked = await lockJobs(tx, context, jobs.map(jobRef), old, 'oldDays');
  const candidates = jobs.flatMap((given): Candidate[] => {
    const now = locked.of(jobRef(given));
    if (now === undefined || !rows.sameJob(given, now) || !rows.sameLimit('oldDays', given, now)) return [];
    return [{ given, now }];
  });
  const children = await Children.lock(
    tx,
    context,
    candidates.map(({ now }) => now),
  );
  const those = (isMeant: (now: Row) => boolean) => candidates.filter(({ now }) => isMeant(now));
  const due = those((now) => children.mayGo(now));

  const isAtCommit = abilities.lock === 'atCommit';
  const guard = isAtCommit || !mapped.hasAllocations ? old : allOf(old, not(hasAllocation(context)));
  if (abilities.atomic) await children.remove();
  const gone = new Set(
    (
      await writeGone(
        tx,
        mapped.jobs.rows,
        due.map(({ now }) => now),
        guard,
      )
    ).map(keyText),
  );
  return {
    changed: due.filter(({ now }) => gone.has(keyText(now.key))).map(({ given }) => given),
    holding: those((now) => children.isHolding(now)).map(({ given }) => given),
    contended: [
      ...jobs.filter((job) => locked.isHeld(jobRef(job))),
      ...those((now) => children.isContended(now)).map(({ given }) => given),
    ],
    rest: those((now) => children.isLeft(now)).map(({ given }) => given),
  };
}

const hasAllocation = ({ mapped }: Context) => ({ exists: mapped.allocations.ofJob, where: EVERY });
