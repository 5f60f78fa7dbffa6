import {
  type AllocationWithJob,
  type Job,
  type ResourceAllocation,
  UNRELEASED_RESOURCE_STATUSES,
  type WriteOutcome,
} from '@jobsweep/core';
import type { Knex } from 'knex';
import type { SqlSession } from '../library.js';
import {
  type AllocationRow,
  allocationColumns,
  sameAllocation,
  statusOf,
  toAllocation,
} from '../rows/allocation-row.js';
import { columnRef } from '../rows/identifiers.js';
import { idsOf, jobIdsOf } from '../rows/ids.js';
import { isFinished, type JobVersionRow, sameRun } from '../rows/job-row.js';
import { allocationsAs, allocationsOf, type Tables } from '../rows/tables.js';
import { lockAllocations, lockAllocationsOfJobs, lockJobs } from './lock.js';
import { updateToReleased, withJobs } from './update.js';

/** Releases the given allocations whose job is finished, still in the run they were read in. */
export async function releaseOfFinished(
  session: SqlSession,
  tables: Tables,
  allocations: readonly AllocationWithJob[],
): Promise<WriteOutcome<AllocationWithJob>> {
  const jobs = await lockJobs(session, tables, jobIdsOf(allocations));
  const ofFinished = allocations.filter(({ jobId, job }) => isFinishedRun(tables, job, jobs.rows.get(jobId)));
  const locked = await lockAllocations(session, tables, idsOf(ofFinished));
  const due = ofFinished.filter((allocation) => {
    const now = locked.rows.get(allocation.id);
    return now !== undefined && sameAllocation(tables, allocation, now);
  });
  return {
    changed: withJobs(due, await updateToReleased(session, tables, idsOf(due)), new Map()),
    contended: allocations.filter(({ id, jobId }) => jobs.heldByOthers.has(jobId) || locked.heldByOthers.has(id)),
  };
}

/** Releases all that the given jobs hold, where the job is finished and has not started again since it was read. */
export async function releaseOfJobs(
  session: SqlSession,
  tables: Tables,
  jobs: readonly Job[],
): Promise<WriteOutcome<ResourceAllocation>> {
  const locked = await lockJobs(session, tables, idsOf(jobs));
  const finished = jobs.filter((job) => isFinishedRun(tables, job, locked.rows.get(job.id)));
  const due: string[] = [];
  const heldByOthers = await lockAllocationsOfJobs(session, tables, idsOf(finished), ['RELEASED'], (row) => {
    if (statusOf(tables, row) !== undefined) due.push(row.aid);
  });
  const changed = await updateToReleased(session, tables, due);
  const contended = await readUnreleased(session, tables, [...locked.heldByOthers, ...heldByOthers]);
  return { changed, contended };
}

/** What jobs still hold after the write: for the report alone, nothing is decided by it. */
async function readUnreleased(
  session: SqlSession,
  tables: Tables,
  jobIds: readonly string[],
): Promise<ResourceAllocation[]> {
  if (jobIds.length === 0) return [];
  const { columns, statuses } = allocationsOf(tables);
  const query = session.build
    .from(allocationsAs(session.build, tables, 'a'))
    .select(allocationColumns(session.build, tables, 'a'))
    .where(tables.dialect.isOneOf(session.build, columnRef(session.build, 'a', columns.jobId), jobIds))
    .where(
      tables.dialect.isAnyOf(
        session.build,
        columnRef(session.build, 'a', columns.status),
        statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES),
      ),
    ) as Knex.QueryBuilder;
  return (await session.rows<AllocationRow>(query)).flatMap((row) => {
    const status = statusOf(tables, row);
    return status === undefined ? [] : [toAllocation(tables, row, status)];
  });
}

function isFinishedRun(tables: Tables, given: Job, now: JobVersionRow | undefined): boolean {
  return now !== undefined && isFinished(tables, now) && sameRun(tables, given, now);
}
