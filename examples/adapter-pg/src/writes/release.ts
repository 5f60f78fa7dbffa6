import type { AllocationWithJob, Job, ResourceAllocation, WriteOutcome } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { ALLOCATION_COLUMNS, type AllocationRow, toAllocation } from '../rows.js';
import { UNRELEASED } from '../rules.js';
import { lockAllocationsOf, lockJobs, lockUnreleased } from './lock.js';
import { updateToReleased } from './update.js';

/** Releases the given allocations whose job is finished, still in the run they were read in. */
export async function releaseOfFinished(
  session: PgTransaction,
  now: string,
  rows: readonly AllocationWithJob[],
): Promise<WriteOutcome<AllocationWithJob>> {
  const jobs = await lockJobs(session, rows, 'finished, after the same run');
  const { locked, held } = await lockUnreleased(session, jobs.locked);
  const ids = locked.map(({ id }) => id);
  const released = await updateToReleased(session, now, ids);
  const changed = locked.flatMap(({ id, job }) => {
    const allocation = released.get(id);
    return allocation === undefined ? [] : [{ ...allocation, job }];
  });
  return { changed, contended: [...jobs.held, ...held] };
}

/** Releases all that the given jobs hold, where the job is finished and has not started again since it was read. */
export async function releaseOfJobs(
  session: PgTransaction,
  now: string,
  jobs: readonly Job[],
): Promise<WriteOutcome<ResourceAllocation>> {
  const { locked, held } = await lockJobs(session, jobs, 'finished, after the same run');
  const ids = await lockAllocationsOf(session, idsOf(locked), 'unreleased');
  const released = await updateToReleased(session, now, [...ids.values()].flat());
  return { changed: [...released.values()], contended: await readUnreleased(session, idsOf([...locked, ...held])) };
}

/** What jobs hold after the write: others have it locked. */
async function readUnreleased(session: PgTransaction, jobIds: readonly string[]): Promise<ResourceAllocation[]> {
  if (jobIds.length === 0) return [];
  const statement = `
    select ${ALLOCATION_COLUMNS} from resource_allocations a
    where a.job_id = any($1::bigint[]) and a.status in ${UNRELEASED}`;
  return (await session.query<AllocationRow>(statement, [jobIds])).map(toAllocation);
}

const idsOf = (jobs: readonly Job[]) => jobs.map(({ id }) => id);
