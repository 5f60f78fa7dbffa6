import { FINISHED_JOB_STATES, type Job, throwIfAborted, type WriteOutcome } from '@jobsweep/core';
import type { Knex } from 'knex';
import { statusOf } from '../rows/allocation-row.js';
import { idsOf } from '../rows/ids.js';
import { isFinished, sameJob } from '../rows/job-row.js';
import { allocationsAs, allocationsOf, returned, rowsOf, type Tables, tableName } from '../rows/tables.js';
import { lockAllocationsOfJobs, lockJobs } from './lock.js';

/** Allocations that one statement deletes: a job may have any number of them. */
const DELETE_ROWS = 5000;

/** Deletes the given jobs that are finished as they were read and hold nothing, after their released allocations. */
export async function deleteFinished(
  session: Knex,
  tables: Tables,
  jobs: readonly Job[],
  signal: AbortSignal | undefined,
): Promise<WriteOutcome<Job>> {
  const locked = await lockJobs(session, tables, idsOf(jobs));
  const candidates = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    return now !== undefined && isFinished(tables, now) && sameJob(tables, job, now);
  });

  const allocations = await lockAllocations(session, tables, idsOf(candidates));
  const due = candidates.filter(({ id }) => !allocations.unreleasedOf.has(id) && !allocations.heldByOthers.has(id));
  const released = due.flatMap(({ id }) => allocations.releasedOf.get(id) ?? []);
  for (let start = 0; start < released.length; start += DELETE_ROWS) {
    throwIfAborted(signal);
    await deleteReleased(session, tables, released.slice(start, start + DELETE_ROWS));
  }
  const deleted = await deleteJobs(session, tables, idsOf(due));
  return {
    changed: due.filter(({ id }) => deleted.has(id)),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id) || allocations.heldByOthers.has(id)),
  };
}

/** What finished jobs still have, locked: allocation ids by job, and the jobs that must stay. */
interface AllocationsOfJobs {
  readonly releasedOf: ReadonlyMap<string, readonly string[]>;
  readonly unreleasedOf: ReadonlySet<string>;
  readonly heldByOthers: ReadonlySet<string>;
}

async function lockAllocations(session: Knex, tables: Tables, jobIds: readonly string[]): Promise<AllocationsOfJobs> {
  const releasedOf = new Map<string, string[]>();
  const unreleasedOf = new Set<string>();
  if (tables.schema.allocations === null) return { releasedOf, unreleasedOf, heldByOthers: new Set() };
  const heldByOthers = await lockAllocationsOfJobs(session, tables, jobIds, [], (row) => {
    if (statusOf(tables, row) !== 'RELEASED') unreleasedOf.add(row.ajob);
    const released = releasedOf.get(row.ajob) ?? [];
    released.push(row.aid);
    releasedOf.set(row.ajob, released);
  });
  return { releasedOf, unreleasedOf, heldByOthers };
}

async function deleteReleased(session: Knex, tables: Tables, ids: readonly string[]): Promise<void> {
  const { columns, statuses } = allocationsOf(tables);
  await session(tableName(session, allocationsOf(tables)))
    .where(tables.dialect.anyOf(session, columns.id, ids))
    .whereIn(columns.status, statuses.rawOf('RELEASED'))
    .delete();
}

async function deleteJobs(session: Knex, tables: Tables, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { jobs, allocations } = tables.schema;
  const query = session(tableName(session, jobs))
    .where(tables.dialect.anyOf(session, jobs.columns.id, ids))
    .whereIn(jobs.columns.state, jobs.states.rawOf(...FINISHED_JOB_STATES));
  if (allocations !== null) {
    // Made of the table's name, so that it can never hide the table that the link leads to.
    const held = `held_${jobs.table}`;
    const link = [`${held}.${allocations.columns.jobId}`, `${jobs.table}.${jobs.columns.id}`];
    const ofJob = session
      .select(session.raw('1'))
      .from(allocationsAs(session, tables, held))
      .whereRaw('?? = ??', link);
    query.whereNotExists(ofJob);
  }
  const id = session.raw('? as jid', [tables.dialect.text(session, jobs.columns.id)]);
  const deleted = await rowsOf<{ jid: string }>(query.delete(returned([id])));
  return new Set(deleted.map(({ jid }) => jid));
}
