import type { Mapping } from '../mapping/mapping.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';
import { ownAllocations } from './allocation-rows.js';
import { all, isAnyOf } from './conditions.js';

/** The exact ids of jobs with an allocation that is not ours to delete: not released, or of another model. */
export async function jobsHolding(
  session: OpenSession,
  mapping: Mapping,
  jobIds: readonly unknown[],
): Promise<ReadonlySet<string | null>> {
  if (mapping.allocations === null || jobIds.length === 0) return new Set();
  const { collection, fields, statuses } = mapping.allocations;
  const mayGo = all(isAnyOf(fields.status, statuses.rawOf('RELEASED')), ownAllocations(mapping));
  const held = await session.rows<{ readonly _id: unknown }>(collection, [
    { $match: { [fields.jobId]: { $in: [...jobIds] }, $nor: [mayGo] } },
    { $group: { _id: `$${fields.jobId}` } },
  ]);
  return new Set(held.map(({ _id }) => exactText(mapping.bson, _id)));
}
