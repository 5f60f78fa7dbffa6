import type { ResourceAllocation, ResourceStatus, RowVersion } from '@jobsweep/core';
import type { Knex } from 'knex';
import { columnRef } from './identifiers.js';
import { allocationsOf, type Tables } from './tables.js';
import { sameTime, toDate } from './times.js';

/** What the guards compare of an allocation, every value as exact text. */
export interface AllocationVersionRow {
  readonly aid: string;
  readonly ajob: string;
  readonly astatus: string | null;
  readonly atime: string | null;
}

/** An allocation as the database holds it, every value as exact text. */
export interface AllocationRow extends AllocationVersionRow {
  readonly areleased: string | null;
}

/** The columns of `AllocationVersionRow`, of the allocations table under `alias`. */
export function allocationVersionColumns(build: Knex, tables: Tables, alias: string): Knex.Raw[] {
  const { dialect } = tables;
  const { id, jobId, status, allocationTime } = allocationsOf(tables).columns;
  const time = dialect.timeText(build, columnRef(build, alias, allocationTime.column), allocationTime.codec);
  return [
    build.raw('? as aid', [dialect.text(build, columnRef(build, alias, id))]),
    build.raw('? as ajob', [dialect.text(build, columnRef(build, alias, jobId))]),
    build.raw('? as astatus', [dialect.text(build, columnRef(build, alias, status))]),
    build.raw('? as atime', [time]),
  ];
}

/** The columns of `AllocationRow`, of the allocations table under `alias`. */
export function allocationColumns(build: Knex, tables: Tables, alias: string): Knex.Raw[] {
  const { releasedTime } = allocationsOf(tables).columns;
  const released = tables.dialect.timeText(build, columnRef(build, alias, releasedTime.column), releasedTime.codec);
  return [...allocationVersionColumns(build, tables, alias), build.raw('? as areleased', [released])];
}

/** The status of an allocation row; `undefined` for a raw value that nobody mapped. */
export function statusOf(tables: Tables, row: AllocationVersionRow): ResourceStatus | undefined {
  return allocationsOf(tables).statuses.known(row.astatus);
}

/**
 * The allocation of a row whose status is known.
 *
 * @param horizon the exact time before which reservations counted as stale when the row was read as one.
 */
export function toAllocation(
  tables: Tables,
  row: AllocationRow,
  status: ResourceStatus,
  horizon?: string,
): ResourceAllocation {
  const { allocationTime, releasedTime } = allocationsOf(tables).columns;
  const version: RowVersion = {
    status: row.astatus,
    allocationTime: row.atime,
    ...(horizon !== undefined && { horizon }),
  };
  return {
    id: row.aid,
    jobId: row.ajob,
    status,
    allocationTime: toDate(row.atime, allocationTime),
    releasedTime: toDate(row.areleased, releasedTime),
    version,
  };
}

/** Whether the allocation still belongs to the job and nothing that the rules look at changed since it was read. */
export function sameAllocation(tables: Tables, given: ResourceAllocation, now: AllocationVersionRow): boolean {
  const { allocationTime } = allocationsOf(tables).columns;
  const { version } = given;
  const sameStatus = version === undefined ? given.status === statusOf(tables, now) : version.status === now.astatus;
  const sameStart = sameTime({ exact: version?.allocationTime, date: given.allocationTime }, now.atime, allocationTime);
  return given.jobId === now.ajob && sameStatus && sameStart;
}
