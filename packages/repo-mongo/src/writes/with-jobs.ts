import type { AllocationWithJob, Job, ResourceAllocation } from '@jobsweep/core';
import type { AllocationRow } from '../rows/allocation-row.js';
import { type Bson, exactText } from '../values/bson.js';

/** An allocation that was given, and its row as it was read again. */
export interface Due {
  readonly given: AllocationWithJob;
  readonly row: AllocationRow;
}

/** Those that were released, as they are now, with their job. */
export function withJobs(
  bson: Bson,
  due: readonly Due[],
  released: readonly ResourceAllocation[],
  jobOf: (due: Due) => Job,
): AllocationWithJob[] {
  const byId = new Map(released.map((allocation) => [allocation.version?.id, allocation]));
  return due.flatMap((each) => {
    const now = byId.get(exactText(bson, each.row.aid));
    return now === undefined ? [] : [{ ...now, job: jobOf(each) }];
  });
}
