import {
  type AllocationWithJob,
  type Job,
  type ResourceAllocation,
  UNRELEASED_RESOURCE_STATUSES,
} from '@jobsweep/core';
import type { Knex } from 'knex';
import { type AllocationRow, allocationColumns, toAllocation } from '../rows/allocation-row.js';
import { type JobRow, jobColumns, toJob } from '../rows/job-row.js';
import { allocationsAs, allocationsOf, jobsAs, returned, rowsOf, type Tables } from '../rows/tables.js';

/** Fails RUNNING jobs that are locked: FAILED, endTime now, message and exit code. Returns them as they are now. */
export async function updateToFailed(
  session: Knex,
  tables: Tables,
  jobIds: readonly string[],
  errorMsg: string,
  exitCode: string,
): Promise<Job[]> {
  if (jobIds.length === 0) return [];
  const { columns, states } = tables.schema.jobs;
  const { dialect } = tables;
  const update = session(jobsAs(session, tables, 'j'))
    .where(dialect.anyOf(session, `j.${columns.id}`, jobIds))
    .whereIn(`j.${columns.state}`, states.rawOf('RUNNING'))
    .update({
      [columns.state]: states.writtenFor('FAILED'),
      [columns.endTime.column]: dialect.now(session, columns.endTime.codec),
      ...(columns.errorMsg !== null && { [columns.errorMsg]: errorMsg }),
      ...(columns.exitCode !== null && { [columns.exitCode]: exitCode }),
    })
    .returning(returned(jobColumns(session, tables, 'j')));
  return (await rowsOf<JobRow>(update)).map((row) => toJob(tables, row, 'FAILED'));
}

/** Releases unreleased allocations that are locked: RELEASED, releasedTime now. Returns them as they are now. */
export async function updateToReleased(
  session: Knex,
  tables: Tables,
  allocationIds: readonly string[],
): Promise<ResourceAllocation[]> {
  if (allocationIds.length === 0) return [];
  const { columns, statuses } = allocationsOf(tables);
  const { dialect } = tables;
  const update = session(allocationsAs(session, tables, 'a'))
    .where(dialect.anyOf(session, `a.${columns.id}`, allocationIds))
    .whereIn(`a.${columns.status}`, statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES))
    .update({
      [columns.status]: statuses.writtenFor('RELEASED'),
      [columns.releasedTime.column]: dialect.now(session, columns.releasedTime.codec),
    })
    .returning(returned(allocationColumns(session, tables, 'a')));
  return (await rowsOf<AllocationRow>(update)).map((row) => toAllocation(tables, row, 'RELEASED'));
}

/** The given allocations, of those that were released, as they are now. */
export function withJobs(
  given: readonly AllocationWithJob[],
  released: readonly ResourceAllocation[],
  jobs: ReadonlyMap<string, Job>,
): AllocationWithJob[] {
  const byId = new Map(released.map((allocation) => [allocation.id, allocation]));
  return given.flatMap((allocation) => {
    const now = byId.get(allocation.id);
    return now === undefined ? [] : [{ ...now, job: jobs.get(now.jobId) ?? allocation.job }];
  });
}
