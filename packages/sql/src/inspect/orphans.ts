import { allOf, EVERY, not } from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { SqlCleanupRepository } from '../repository.js';
import type { Look } from './look.js';

/**
 * Counts allocations whose job does not exist, or that name none, and that are not released: those hold nothing. Filters
 * are of jobs, so they say nothing of these.
 */
export async function countOrphans<Session extends object>(
  { driver }: SqlContext<Session>,
  { context }: SqlCleanupRepository<Session>,
  look: Look,
  atMost: number,
): Promise<number | null> {
  const { mapped, rules } = context;
  if (!mapped.hasAllocations) return null;
  const where = allOf(not(rules.isReleased()), not(rules.ofJob(EVERY)));
  const [found] = await look((session) => driver.tx(session).count({ table: mapped.allocations.rows, where, atMost }));
  return found?.rows ?? 0;
}
