import { allOf, EVERY, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import type { Context } from '../protocol/context.js';

/**
 * Counts allocations whose job does not exist, or that name none, and that are not released: those hold
 * nothing. Filters are of jobs, so they say nothing of these. `null`: there are no allocations.
 */
export async function countOrphans(
  { mapped, rules }: Pick<Context, 'mapped' | 'rules'>,
  atMost: number,
  look: (question: (tx: Pick<Tx, 'count'>) => Promise<number>) => Promise<number>,
): Promise<number | null> {
  if (!mapped.hasAllocations) return null;
  const { rows: table } = mapped.allocations;
  const where = allOf(table.own ?? EVERY, not(rules.isReleased()), not(rules.ofJob(EVERY)));
  return look(async (tx) => (await tx.count({ table, where, atMost }))[0]?.rows ?? 0);
}
