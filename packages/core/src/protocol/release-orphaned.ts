import { allOf, EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { ResourceAllocation } from '../model.js';
import type { Context } from './context.js';
import type { Written } from './in-chunks.js';
import { lockAllocations } from './lock.js';
import { writeReleased } from './write.js';

/**
 * Releases the given allocations whose job does not exist. Nobody can lock a job that is not there: one that is committed
 * while the last statement runs is found too late, so rows have to be old enough that nobody is about to add theirs.
 */
export async function releaseOrphaned(
  tx: Tx,
  context: Context,
  allocations: readonly ResourceAllocation[],
): Promise<Written<ResourceAllocation, ResourceAllocation>> {
  const { rows, rules } = context;
  rules.requireAllJobs();
  rules.heldSince();
  const locked = await lockAllocations(tx, context, allocations, rules.isUnreleased());
  const unchanged = allocations.flatMap((given) => {
    const now = locked.of(given);
    return now !== undefined && rows.sameAllocation(given, now) ? [now] : [];
  });
  const there = await existing(
    tx,
    context,
    unchanged.map((row) => rows.jobKeyOf(row)),
  );
  const due = unchanged.filter((row) => !there.has(keyText(rows.jobKeyOf(row))));
  const isGuarded = tx.abilities.lock === 'beforehand';
  const guard = isGuarded ? allOf(rules.isUnreleased(), rules.isOrphan()) : rules.isUnreleased();
  const released = await writeReleased(tx, context, due, guard);
  return {
    changed: released.flatMap((row) => rows.toAllocation(row, undefined, 'RELEASED') ?? []),
    contended: allocations.filter((given) => locked.isHeld(given)),
  };
}

/**
 * Those of some jobs that exist, whether others hold them or not. One without a key counts as one that does, unless the row that
 * would tell it is gone.
 */
async function existing(tx: Tx, { mapped }: Context, jobs: readonly Key[]): Promise<ReadonlySet<string>> {
  const unknown = jobs.filter((key) => key.includes(null));
  const known = jobs.filter((key) => !key.includes(null));
  const keys = [...new Map(known.map((key) => [keyText(key), key])).values()];
  const { rows, held } =
    keys.length === 0 ? { rows: [], held: [] } : await tx.lock(mapped.jobs.rows, keys, { columns: [] }, EVERY);
  const unnamed = mapped.allocations.between === null ? unknown : [];
  return new Set([...rows.map(({ key }) => key), ...held, ...unnamed].map(keyText));
}
