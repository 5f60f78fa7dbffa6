import { type AllocationWithJob, type GetOptions, paged } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { type AllocationRow, statusOf, toAllocation } from '../rows/allocation-row.js';
import { type JobRow, stateOf, toJob } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { cursorAfter } from './cursor.js';
import { completedWithUnreleased, withJobFields } from './rules.js';

/** Allocations that are not released although their job is finished, with their jobs, by allocation id. */
export function readCompleted(
  session: OpenSession,
  mapping: Mapping,
  options?: GetOptions<AllocationWithJob>,
): Promise<AllocationWithJob[]> {
  const allocations = allocationsOf(mapping);
  const order = { idField: allocations.fields.id, idType: allocations.idType };
  return paged(async (limit, last) => {
    const after = last && (await cursorAfter(session, mapping, allocations, last));
    const pipeline = [...completedWithUnreleased(mapping, { after, order }), { $limit: limit }, withJobFields(mapping)];
    const rows = await session.rows<AllocationRow & JobRow>(allocations.collection, pipeline);
    return rows.flatMap((row) => {
      const status = statusOf(mapping, row);
      const state = stateOf(mapping, row);
      if (status === undefined || state === undefined) return [];
      return [{ ...toAllocation(mapping, row, status), job: toJob(mapping, row, state) }];
    });
  }, options);
}
