import type { AllocationWithJob, GetOptions } from '@jobsweep/core';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { type AllocationRow, statusOf, toAllocation } from '../rows/allocation-row.js';
import { type JobRow, stateOf, toJob } from '../rows/job-row.js';
import type { OpenSession } from '../session/open-session.js';
import { rawIdOf, rawTimeOf } from './cursor.js';
import { paged } from './page.js';
import { type Pipeline, type Place, withJobFields } from './rules.js';

/** Allocations of a rule with their jobs, by allocation id or by (allocation time, id). */
export function readAllocations(
  session: OpenSession,
  mapping: Mapping,
  by: 'id' | 'time',
  rule: (place: Place) => Pipeline,
  options?: GetOptions<AllocationWithJob>,
): Promise<AllocationWithJob[]> {
  const { collection, fields, idType } = allocationsOf(mapping);
  const { allocationTime, id: idField } = fields;
  const order = { idField, idType, ...(by === 'time' && { timeField: allocationTime.column }) };
  return paged(async (limit, last) => {
    const after = last && {
      id: await rawIdOf(session, mapping, { collection, idField, idType }, { id: last.id, exact: last.version?.id }),
      time: rawTimeOf(mapping, last.version?.allocationTime, last.allocationTime, allocationTime),
    };
    const pipeline = [...rule({ after, order }), { $limit: limit }, withJobFields(mapping)];
    const allocations: AllocationWithJob[] = [];
    for (const row of await session.rows<AllocationRow & JobRow>(collection, pipeline)) {
      const status = statusOf(mapping, row);
      const state = stateOf(mapping, row);
      if (status === undefined || state === undefined) continue;
      allocations.push({ ...toAllocation(mapping, row, status), job: toJob(mapping, row, state) });
    }
    return allocations;
  }, options);
}
