import type { AllocationWithJob } from '../../model.js';
import type { GetOptions } from '../../repository.js';
import type { Context } from '../context.js';
import { toAllocationWithJob } from '../rows/to-port.js';
import { type Place, pageOf, timeOf } from './page.js';
import type { DueAllocation } from './rules.js';

/** Allocations with their jobs, by allocation id. */
export function pageById(
  context: Context,
  due: readonly DueAllocation[],
  options: GetOptions<AllocationWithJob> = {},
): AllocationWithJob[] {
  const placeOf = (id: string): Place => ({ time: '', id });
  const page = pageOf(
    due,
    options,
    ({ allocation }) => placeOf(allocation.id),
    ({ id }) => placeOf(id),
  );
  return page.map((row) => toAllocationWithJob(context, row));
}

/** Reservations with their jobs, by (allocation time, id). */
export function pageByTime(
  context: Context,
  due: readonly DueAllocation[],
  options: GetOptions<AllocationWithJob> = {},
): AllocationWithJob[] {
  const page = pageOf(
    due,
    options,
    ({ allocation }): Place => ({ time: allocation.allocationTime ?? '', id: allocation.id }),
    ({ id, version, allocationTime }): Place => ({ time: version?.allocationTime ?? timeOf(allocationTime), id }),
  );
  return page.map((row) => toAllocationWithJob(context, row));
}
