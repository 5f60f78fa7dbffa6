import type { ResourceAllocation, ResourceStatus, RowVersion } from '@jobsweep/core';
import type { mongo } from 'mongoose';
import { allocationsOf, type Mapping } from '../mapping/mapping.js';
import { exactText } from '../values/bson.js';
import { idText } from '../values/ids.js';
import { toDate } from '../values/times.js';
import { knownState } from './job-row.js';
import { sameTime } from './same-time.js';

/** An allocation as the database holds it, under names of ours. A field that is missing is missing here. */
export interface AllocationRow {
  readonly aid: unknown;
  readonly ajob?: unknown;
  readonly astatus?: unknown;
  readonly atime?: unknown;
  readonly areleased?: unknown;
  /** The time before which reservations of this job are stale, where the row was read as one. */
  readonly horizon?: unknown;
}

/** The fields of `AllocationRow`, for `$project`. */
export function allocationFields(mapping: Mapping): mongo.Document {
  const { id, jobId, status, allocationTime, releasedTime } = allocationsOf(mapping).fields;
  return {
    aid: `$${id}`,
    ajob: `$${jobId}`,
    astatus: `$${status}`,
    atime: `$${allocationTime.column}`,
    areleased: `$${releasedTime.column}`,
  };
}

/** The status of an allocation row; `undefined` for a raw value that nobody mapped. */
export function statusOf(mapping: Mapping, row: AllocationRow): ResourceStatus | undefined {
  return knownState(allocationsOf(mapping).statuses, row.astatus);
}

/** The allocation of a row whose status is known. */
export function toAllocation(mapping: Mapping, row: AllocationRow, status: ResourceStatus): ResourceAllocation {
  const { bson } = mapping;
  const { allocationTime, releasedTime } = allocationsOf(mapping).fields;
  const version: RowVersion = {
    id: exactText(bson, row.aid),
    jobId: exactText(bson, row.ajob),
    status: exactText(bson, row.astatus),
    allocationTime: exactText(bson, row.atime),
    ...(row.horizon !== undefined && { horizon: exactText(bson, row.horizon) }),
  };
  return {
    id: idText(bson, row.aid),
    jobId: idText(bson, row.ajob),
    status,
    allocationTime: toDate(row.atime, allocationTime),
    releasedTime: toDate(row.areleased, releasedTime),
    version,
  };
}

/** Whether the allocation still belongs to the job and nothing that the rules look at changed since it was read. */
export function sameAllocation(mapping: Mapping, given: ResourceAllocation, now: AllocationRow): boolean {
  const { bson } = mapping;
  const { allocationTime } = allocationsOf(mapping).fields;
  const { version } = given;
  const start = { exact: version?.allocationTime, date: given.allocationTime };
  const isSame =
    version === undefined
      ? given.jobId === idText(bson, now.ajob) && given.status === statusOf(mapping, now)
      : version.jobId === exactText(bson, now.ajob) && version.status === exactText(bson, now.astatus);
  return isSame && sameTime(mapping, start, now.atime, allocationTime);
}
