import { FINISHED_JOB_STATES, type Job, throwIfAborted, type WriteOutcome } from '@jobsweep/core';
import type { Knex } from 'knex';
import { whereAll } from '../filters/jobs.js';
import { sameLimit } from '../filters/limits.js';
import type { SqlSession } from '../library.js';
import { statusOf } from '../rows/allocation-row.js';
import { columnRef, identifier } from '../rows/identifiers.js';
import { idsOf } from '../rows/ids.js';
import { isFinished, sameJob } from '../rows/job-row.js';
import { allocationsAs, allocationsOf, returned, type Tables, tableName } from '../rows/tables.js';
import { jobGuard } from './guard.js';
import { lockAllocationsOfJobs, lockJobs } from './lock.js';

/** Allocations that one statement deletes: a job may have any number of them. */
const DELETE_ROWS = 5000;

/** Deletes the given jobs that are finished as they were read and hold nothing, after their released allocations. */
export async function deleteFinished(
  session: SqlSession,
  tables: Tables,
  jobs: readonly Job[],
  signal: AbortSignal | undefined,
): Promise<WriteOutcome<Job>> {
  const locked = await lockJobs(session, tables, idsOf(jobs), 'oldDays');
  const candidates = jobs.filter((job) => {
    const now = locked.rows.get(job.id);
    if (now === undefined || !isFinished(tables, now)) return false;
    return sameJob(tables, job, now) && sameLimit(tables, 'oldDays', job.name, now.jname);
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
    holding: candidates.filter(({ id }) => allocations.unreleasedOf.has(id)),
    contended: jobs.filter(({ id }) => locked.heldByOthers.has(id) || allocations.heldByOthers.has(id)),
  };
}

/** What finished jobs still have, locked: allocation ids by job, and the jobs that must stay. */
interface AllocationsOfJobs {
  readonly releasedOf: ReadonlyMap<string, readonly string[]>;
  readonly unreleasedOf: ReadonlySet<string>;
  readonly heldByOthers: ReadonlySet<string>;
}

async function lockAllocations(
  session: SqlSession,
  tables: Tables,
  jobIds: readonly string[],
): Promise<AllocationsOfJobs> {
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

async function deleteReleased(session: SqlSession, tables: Tables, ids: readonly string[]): Promise<void> {
  const { build } = session;
  const { columns, statuses } = allocationsOf(tables);
  await session.rows(
    build(tableName(build, allocationsOf(tables)))
      .where(tables.dialect.isOneOf(build, identifier(build, columns.id), ids))
      .where(tables.dialect.isAnyOf(build, identifier(build, columns.status), statuses.rawOf('RELEASED')))
      .delete(),
  );
}

/** Deletes locked jobs that are finished and have no allocation left. Returns the ids of those that are gone. */
async function deleteJobs(session: SqlSession, tables: Tables, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { build } = session;
  const { dialect, schema } = tables;
  const { jobs, allocations } = schema;
  const given = () =>
    build(tableName(build, jobs)).where(dialect.isOneOf(build, identifier(build, jobs.columns.id), ids));
  const query: Knex.QueryBuilder = given()
    .where(dialect.isAnyOf(build, identifier(build, jobs.columns.state), jobs.states.rawOf(...FINISHED_JOB_STATES)))
    .modify(whereAll, jobGuard(build, tables, jobs.table, 'oldDays'));
  if (allocations !== null) {
    // Made of the table's name, so that it can never hide the table that the link leads to.
    const held = `held_${jobs.table}`;
    const link = [columnRef(build, held, allocations.columns.jobId), columnRef(build, jobs.table, jobs.columns.id)];
    const ofJob = build
      .select(build.raw('1'))
      .from(allocationsAs(build, tables, held))
      .whereRaw('? = ?', link);
    query.whereNotExists(ofJob);
  }
  const id = build.raw('? as jid', [dialect.text(build, identifier(build, jobs.columns.id))]);
  if (dialect.returnsChanged) return idSet(await session.rows<IdRow>(query.delete(returned([id]))));
  await session.rows(query.delete());
  const left = idSet(await session.rows<IdRow>(given().select(id)));
  return new Set(ids.filter((each) => !left.has(each)));
}

interface IdRow {
  readonly jid: string;
}

const idSet = (rows: readonly IdRow[]): ReadonlySet<string> => new Set(rows.map(({ jid }) => jid));
