import { type Job, throwIfAborted, type WriteOutcome } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { FINISHED } from '../rules.js';
import { lockAllocationsOf, lockJobs, PAGE_ROWS } from './lock.js';

/** Deletes the given jobs that are finished as they were read and hold nothing, after their released allocations. */
export async function deleteFinished(
  session: PgTransaction,
  jobs: readonly Job[],
  signal: AbortSignal | undefined,
): Promise<WriteOutcome<Job>> {
  const { locked, held } = await lockJobs(session, jobs, 'finished, as it was read');
  const allocations = await lockAllocationsOf(session, idsOf(locked));
  const now = await countAllocations(session, idsOf(locked));
  const isHeld = ({ id }: Job) => (now.get(id)?.total ?? 0) !== allocations.get(id)?.length;
  const holds = ({ id }: Job) => (now.get(id)?.unreleased ?? 0) > 0;
  const due = locked.filter((job) => !isHeld(job) && !holds(job));

  const released = due.flatMap(({ id }) => allocations.get(id) ?? []);
  for (let start = 0; start < released.length; start += PAGE_ROWS) {
    throwIfAborted(signal);
    await deleteReleased(session, released.slice(start, start + PAGE_ROWS));
  }
  const deleted = await deleteJobs(session, idsOf(due));
  return {
    changed: due.filter(({ id }) => deleted.has(id)),
    contended: [...held, ...locked.filter(isHeld)],
    holding: locked.filter((job) => !isHeld(job) && holds(job)),
  };
}

/** What locked jobs have, by job. Those that have nothing are not among them. */
async function countAllocations(session: PgTransaction, jobIds: readonly string[]) {
  const statement = `
    select a.job_id::text as job, count(*)::int as total,
      count(*) filter (where a.status is distinct from 'RELEASED')::int as unreleased
    from resource_allocations a where a.job_id = any($1::bigint[]) group by a.job_id`;
  const rows = await session.query<{ job: string; total: number; unreleased: number }>(statement, [jobIds]);
  return new Map(rows.map((row) => [row.job, row]));
}

async function deleteReleased(session: PgTransaction, ids: readonly string[]): Promise<void> {
  await session.query("delete from resource_allocations where id = any($1::bigint[]) and status = 'RELEASED'", [ids]);
}

async function deleteJobs(session: PgTransaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const statement = `
    delete from jobs j
    where j.id = any($1::bigint[]) and j.state in ${FINISHED}
      and not exists (select from resource_allocations a where a.job_id = j.id)
    returning j.id::text as id`;
  return new Set((await session.query<{ id: string }>(statement, [ids])).map(({ id }) => id));
}

const idsOf = (jobs: readonly Job[]) => jobs.map(({ id }) => id);
