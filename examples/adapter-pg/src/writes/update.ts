import type { Job, ResourceAllocation } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { ALLOCATION_COLUMNS, type AllocationRow, JOB_COLUMNS, type JobRow, toAllocation, toJob } from '../rows.js';
import { UNRELEASED } from '../rules.js';

/** Fails jobs that are locked and found to be due. Gives them as they are now, by id. */
export async function updateToFailed(
  session: PgTransaction,
  now: string,
  jobIds: readonly string[],
  errorMsg: string,
  exitCode: string,
): Promise<ReadonlyMap<string, Job>> {
  if (jobIds.length === 0) return new Map();
  const statement = `
    update jobs j set state = 'FAILED', end_time = ${now}, error_msg = $2, exit_code = $3
    where j.id = any($1::bigint[]) and j.state = 'RUNNING'
    returning ${JOB_COLUMNS}`;
  const rows = await session.query<JobRow>(statement, [jobIds, errorMsg, exitCode]);
  return new Map(rows.map((row) => [row.jid, toJob(row)]));
}

/** Releases allocations that are locked and found to be due. Gives them as they are now, by id. */
export async function updateToReleased(
  session: PgTransaction,
  now: string,
  allocationIds: readonly string[],
): Promise<ReadonlyMap<string, ResourceAllocation>> {
  if (allocationIds.length === 0) return new Map();
  const statement = `
    update resource_allocations a set status = 'RELEASED', released_time = ${now}
    where a.id = any($1::bigint[]) and a.status in ${UNRELEASED}
    returning ${ALLOCATION_COLUMNS}`;
  const rows = await session.query<AllocationRow>(statement, [allocationIds]);
  return new Map(rows.map((row) => [row.aid, toAllocation(row)]));
}
