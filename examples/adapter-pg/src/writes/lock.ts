import type { AllocationWithJob, Job } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';
import { acceptedTimes, isAccepted } from '../rows.js';
import { FINISHED, UNRELEASED } from '../rules.js';

/** Allocations that one statement locks or deletes: a job may have any number of them. */
export const PAGE_ROWS = 5000;

/** The given rows that are due and locked now, and those that are due and held by others. */
export interface Locked<Row> {
  readonly locked: readonly Row[];
  readonly held: readonly Row[];
}

const SAME_RUN = `j.id = g.id and ${isAccepted('j.start_time', 'g.started')}`;
const SAME_JOB = `${SAME_RUN} and j.state = g.state and ${isAccepted('j.end_time', 'g.ended')}`;

/** What a write asks of a job `j`, given the row `g` that was read: its state, and to be the same or in the same run. */
const JOB_RULES = {
  'running, as it was read': `j.state = 'RUNNING' and ${SAME_JOB}`,
  'running, in the same run': `j.state = 'RUNNING' and ${SAME_RUN}`,
  'finished, as it was read': `j.state in ${FINISHED} and ${SAME_JOB}`,
  'finished, after the same run': `j.state in ${FINISHED} and ${SAME_RUN}`,
} as const;

/** The first step of every write: locks jobs, or the jobs of allocations, where the rule still holds. */
export function lockJobs<Row extends Job | AllocationWithJob>(
  session: PgTransaction,
  rows: readonly Row[],
  rule: keyof typeof JOB_RULES,
): Promise<Locked<Row>> {
  const jobs = rows.map((row): Job => ('job' in row ? { ...row.job, id: row.jobId } : row));
  const from = `
    unnest($1::bigint[], $2::text[], $3::tstzrange[], $4::tstzrange[])
      with ordinality as g (id, state, started, ended, nth)
    join jobs j on j.id = any($1::bigint[]) and ${JOB_RULES[rule]}`;
  return lockDue(session, rows, 'j', from, [
    jobs.map(({ id }) => id),
    jobs.map(({ state }) => state),
    jobs.map((job) => acceptedTimes(job, 'startTime')),
    jobs.map((job) => acceptedTimes(job, 'endTime')),
  ]);
}

/** Locks allocations that are unreleased, as they were read, and still of the same job. */
export function lockUnreleased(
  session: PgTransaction,
  rows: readonly AllocationWithJob[],
): Promise<Locked<AllocationWithJob>> {
  const from = `
    unnest($1::bigint[], $2::bigint[], $3::text[], $4::tstzrange[])
      with ordinality as g (id, job_id, status, allocated, nth)
    join resource_allocations a on a.id = any($1::bigint[]) and a.id = g.id and a.job_id = g.job_id
      and a.status = g.status and a.status in ${UNRELEASED} and ${isAccepted('a.allocation_time', 'g.allocated')}`;
  return lockDue(session, rows, 'a', from, [
    rows.map(({ id }) => id),
    rows.map(({ jobId }) => jobId),
    rows.map(({ status }) => status),
    rows.map((row) => acceptedTimes(row, 'allocationTime')),
  ]);
}

/**
 * Locks what `from` finds for the given rows `g`, ascending by id. Rows that others hold are skipped, and so are those
 * that are not due any more: the same question without a lock tells the two apart.
 */
async function lockDue<Row>(
  session: PgTransaction,
  rows: readonly Row[],
  table: 'j' | 'a',
  from: string,
  values: readonly unknown[],
): Promise<Locked<Row>> {
  if (rows.length === 0) return { locked: [], held: [] };
  const ask = async (lock: string) => {
    const found = await session.query<{ nth: number }>(`select g.nth::int as nth from ${from} ${lock}`, values);
    return new Set(found.map(({ nth }) => rows[nth - 1]));
  };
  const locked = await ask(`order by ${table}.id for update of ${table} skip locked`);
  const due = locked.size === rows.length ? locked : await ask('');
  return {
    locked: rows.filter((row) => locked.has(row)),
    held: rows.filter((row) => due.has(row) && !locked.has(row)),
  };
}

/**
 * Locks the allocations of jobs that are locked already, and gives their ids by job. Those that others hold are not
 * among them: only a later statement that counts can tell.
 */
export async function lockAllocationsOf(
  session: PgTransaction,
  jobIds: readonly string[],
  which: 'all' | 'unreleased' = 'all',
): Promise<ReadonlyMap<string, readonly string[]>> {
  const statement = `
    select a.id::text as id, a.job_id::text as job from resource_allocations a
    where a.job_id = any($1::bigint[]) and ($2::bigint is null or a.id > $2)
      ${which === 'all' ? '' : `and a.status in ${UNRELEASED}`}
    order by a.id limit $3 for update skip locked`;
  const idsOfJob = new Map(jobIds.map((id): [string, string[]] => [id, []]));
  let page: { readonly id: string; readonly job: string }[] = [];
  if (jobIds.length === 0) return idsOfJob;
  do {
    page = await session.query(statement, [jobIds, page.at(-1)?.id, PAGE_ROWS]);
    for (const { id, job } of page) idsOfJob.get(job)?.push(id);
  } while (page.length === PAGE_ROWS);
  return idsOfJob;
}
