import type { ResourceStatus } from '@jobsweep/core';
import type { Knex } from 'knex';
import { whereAll } from '../filters/jobs.js';
import { type AgeRule, ownReservationHorizon } from '../filters/limits.js';
import type { SqlSession } from '../library.js';
import { isNoneOf } from '../reads/rules.js';
import { type AllocationVersionRow, allocationVersionColumns } from '../rows/allocation-row.js';
import { columnRef } from '../rows/identifiers.js';
import { type JobVersionRow, jobVersionColumns } from '../rows/job-row.js';
import { allocationsAs, allocationsOf, jobsAs, type Tables } from '../rows/tables.js';
import { jobGuard } from './guard.js';

/** Allocations that one statement locks: a job may hold any number of them. */
const LOCK_PAGE_ROWS = 5000;

/** Rows that are locked now, as they are now, and the ids of rows that others hold. */
export interface Locked<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly heldByOthers: ReadonlySet<string>;
}

/**
 * Step 1 of every write: locks jobs that pass the filters, ascending by id, and leaves those that others hold.
 *
 * @param rule the rule whose own limits the jobs have to be over; of reservations, `jhorizon` says what that means.
 */
export function lockJobs(
  session: SqlSession,
  tables: Tables,
  jobIds: readonly string[],
  rule?: AgeRule,
): Promise<Locked<JobVersionRow>> {
  const { build } = session;
  const horizon = () => build.raw('? as jhorizon', [ownReservationHorizon(build, tables)]);
  const select = (): Knex.QueryBuilder =>
    build
      .from(jobsAs(build, tables, 'j'))
      .select(jobVersionColumns(build, tables, 'j'))
      .select(rule === 'staleReservationMinutes' ? [horizon()] : [])
      .modify(whereAll, jobGuard(build, tables, 'j', rule));
  return lockByIds(
    select,
    tables,
    columnRef(session.build, 'j', tables.schema.jobs.columns.id),
    jobIds,
    (row) => row.jid,
    session,
  );
}

/** Locks allocations, ascending by id, and leaves those that others hold. */
export function lockAllocations(
  session: SqlSession,
  tables: Tables,
  allocationIds: readonly string[],
): Promise<Locked<AllocationVersionRow>> {
  const select = () =>
    session.build
      .from(allocationsAs(session.build, tables, 'a'))
      .select(allocationVersionColumns(session.build, tables, 'a')) as Knex.QueryBuilder;
  return lockByIds(
    select,
    tables,
    columnRef(session.build, 'a', allocationsOf(tables).columns.id),
    allocationIds,
    (row) => row.aid,
    session,
  );
}

/**
 * Locks every allocation of jobs that are locked already, except those in `passedOver` statuses, and hands each to
 * `visit`. Returns the ids of the jobs with an allocation that others hold: nothing is known about those jobs.
 *
 * The count in a statement after the lock is what proves it: a row that was skipped, or has just appeared, makes it
 * larger than the number of locked rows.
 */
export async function lockAllocationsOfJobs(
  session: SqlSession,
  tables: Tables,
  jobIds: readonly string[],
  passedOver: readonly ResourceStatus[],
  visit: (row: AllocationVersionRow) => void,
): Promise<ReadonlySet<string>> {
  if (jobIds.length === 0) return new Set();
  const { columns, statuses } = allocationsOf(tables);
  const refTo = (column: string) => columnRef(session.build, 'a', column);
  const [id, jobId, status] = [refTo(columns.id), refTo(columns.jobId), refTo(columns.status)];
  const ofJobs = () => {
    const query: Knex.QueryBuilder = session.build
      .from(allocationsAs(session.build, tables, 'a'))
      .where(tables.dialect.isOneOf(session.build, jobId, jobIds));
    if (passedOver.length === 0) return query;
    const raw = statuses.rawOf(...passedOver);
    return query.where(isNoneOf(session.build, tables, status, raw));
  };

  const lockedOfJob = new Map<string, number>();
  let after: string | undefined;
  for (;;) {
    const query = ofJobs()
      .select(allocationVersionColumns(session.build, tables, 'a'))
      .orderByRaw('?', [id]);
    if (after !== undefined) query.where(tables.dialect.isIdAfter(session.build, id, after));
    const rows = await session.rows<AllocationVersionRow>(query.limit(LOCK_PAGE_ROWS).forUpdate().skipLocked());
    for (const row of rows) {
      lockedOfJob.set(row.ajob, (lockedOfJob.get(row.ajob) ?? 0) + 1);
      visit(row);
    }
    if (rows.length < LOCK_PAGE_ROWS) break;
    after = rows.at(-1)?.aid;
  }

  const job = session.build.raw('? as ajob', [tables.dialect.text(session.build, jobId)]);
  const count = session.build.raw('count(*) as total');
  const totals = ofJobs().select(job, count).groupByRaw('?', [jobId]);
  const heldByOthers = new Set<string>();
  for (const { ajob, total } of await session.rows<{ ajob: string; total: string }>(totals)) {
    if (Number(total) !== lockedOfJob.get(ajob)) heldByOthers.add(ajob);
  }
  return heldByOthers;
}

async function lockByIds<Row>(
  select: () => Knex.QueryBuilder,
  { dialect }: Tables,
  idRef: Knex.Raw,
  wanted: readonly string[],
  idOf: (row: Row) => string,
  session: SqlSession,
): Promise<Locked<Row>> {
  const among = (some: readonly string[]) => select().where(dialect.isOneOf(session.build, idRef, some));
  if (wanted.length === 0) return { rows: new Map(), heldByOthers: new Set() };
  const locked = await session.rows<Row>(among(wanted).orderByRaw('?', [idRef]).forUpdate().skipLocked());
  const rows = new Map(locked.map((row) => [idOf(row), row]));

  // A row that could not be locked is either held by others or gone: only those that are still there come back.
  const missing = wanted.filter((id) => !rows.has(id));
  const remaining = missing.length === 0 ? [] : await session.rows<Row>(among(missing));
  return { rows, heldByOthers: new Set(remaining.map(idOf)) };
}
