import { type Database, oneRow } from '../cluster/connection.js';
import type { Survivors } from '../damage/apply.js';
import { SURVIVOR_KINDS, type SurvivorKind } from '../damage/plan.js';

/** Jobs that are byte for byte as in the snapshot, and all their allocations too. `*=` compares the stored bytes. */
const UNCHANGED = `
SELECT count(*)::integer AS count
FROM jobs AS job JOIN before_pass.jobs AS was USING (id)
WHERE job.id = ANY ($1::bigint[]) AND job *= was AND NOT EXISTS (
  SELECT FROM before_pass.resource_allocations AS held
  LEFT JOIN resource_allocations AS allocation USING (id)
  WHERE held.job_id = job.id AND (allocation.id IS NULL OR allocation *<> held)
)`;

/** How many of the survivors are still as they were in the snapshot. */
export async function countSurvivors(
  database: Database,
  survivors: Survivors,
): Promise<Readonly<Record<SurvivorKind, number>>> {
  const count = async (kind: SurvivorKind) =>
    (await oneRow<{ count: number }>(database, UNCHANGED, [survivors[kind]])).count;
  const counts = { healthy: 0, fresh: 0, sibling: 0, requeued: 0 };
  for (const kind of SURVIVOR_KINDS) counts[kind] = await count(kind);
  return counts;
}
