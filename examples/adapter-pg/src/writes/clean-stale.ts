import type { AllocationWithJob, WriteOutcome } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { acceptedTimes, isAccepted } from '../rows.js';
import { hasLiveSibling } from '../rules.js';
import { lockAllocationsOf, lockJobs } from './lock.js';
import { updateToFailed, updateToReleased } from './update.js';

const EXIT_CODE = '-3:0';

/** Fails the jobs of the given reservations and releases these, where nothing keeps the job alive. */
export async function cleanStale(
  session: PgTransaction,
  now: string,
  rows: readonly AllocationWithJob[],
  errorMsg: string,
): Promise<WriteOutcome<AllocationWithJob>> {
  const jobs = await lockJobs(session, rows, 'running, in the same run');
  // Released ones too: somebody may be about to reserve one of them again, and that shows only as a lock.
  const locked = await lockAllocationsOf(session, jobIdsOf(jobs.locked));
  const { stale, total } = await lookAgain(session, jobs.locked);
  const isHeld = ({ jobId }: AllocationWithJob) => total.get(jobId) !== locked.get(jobId)?.length;
  const due = jobs.locked.filter((row) => stale.has(row.id) && !isHeld(row));

  const failed = await updateToFailed(session, now, jobIdsOf(due), errorMsg, EXIT_CODE);
  const ids = due.filter(({ jobId }) => failed.has(jobId)).map(({ id }) => id);
  const released = await updateToReleased(session, now, ids);
  const changed = due.flatMap(({ id, jobId }) => {
    const [allocation, job] = [released.get(id), failed.get(jobId)];
    return allocation === undefined || job === undefined ? [] : [{ ...allocation, job }];
  });
  return { changed, contended: [...jobs.held, ...jobs.locked.filter(isHeld)] };
}

/** The whole rule again, now that nobody can change it: which reservations are stale, and how much each job has. */
async function lookAgain(session: PgTransaction, rows: readonly AllocationWithJob[]) {
  // A row made by hand knows no horizon: then a sibling is stale when it is no younger than the row itself.
  const horizon = "coalesce(g.horizon, upper(g.allocated) + interval '1 microsecond')";
  const statement = `
    select g.id::text as id, g.job_id::text as job,
      (select count(*)::int from resource_allocations s where s.job_id = g.job_id) as total,
      exists (
        select from resource_allocations a
        where a.id = g.id and a.job_id = g.job_id and a.status = 'RESERVED'
          and ${isAccepted('a.allocation_time', 'g.allocated')}
      ) and not ${hasLiveSibling('g', horizon)} as stale
    from unnest($1::bigint[], $2::bigint[], $3::tstzrange[], $4::timestamptz[]) as g (id, job_id, allocated, horizon)`;
  const found = await session.query<{ id: string; job: string; total: number; stale: boolean }>(statement, [
    rows.map(({ id }) => id),
    rows.map(({ jobId }) => jobId),
    rows.map((row) => acceptedTimes(row, 'allocationTime')),
    rows.map(({ version }) => version?.horizon),
  ]);
  return {
    stale: new Set(found.filter(({ stale }) => stale).map(({ id }) => id)),
    total: new Map(found.map(({ job, total }) => [job, total])),
  };
}

const jobIdsOf = (rows: readonly AllocationWithJob[]) => [...new Set(rows.map(({ jobId }) => jobId))];
