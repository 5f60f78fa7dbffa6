import {
  type AllocationWithJob,
  type Job,
  type RawState,
  type ResourceAllocation,
  UNRELEASED_RESOURCE_STATUSES,
} from '@jobsweep/core';
import type { Knex } from 'knex';
import type { AgeRule } from '../filters/limits.js';
import type { SqlSession } from '../library.js';
import { type AllocationRow, allocationColumns, toAllocation } from '../rows/allocation-row.js';
import { columnRef, identifier } from '../rows/identifiers.js';
import { type JobRow, jobColumns, toJob } from '../rows/job-row.js';
import { allocationsAs, allocationsOf, jobsAs, type Tables } from '../rows/tables.js';
import { touchedValues } from '../touch.js';
import { jobGuard } from './guard.js';

/** Fails RUNNING jobs that are locked: FAILED, endTime now, message and exit code. Returns them as they are now. */
export async function updateToFailed(
  session: SqlSession,
  tables: Tables,
  jobIds: readonly string[],
  { errorMsg, exitCode, rule }: { readonly errorMsg: string; readonly exitCode: string; readonly rule: AgeRule },
): Promise<Job[]> {
  const { build } = session;
  const { dialect } = tables;
  const { columns, states } = tables.schema.jobs;
  const jobs: UpdatedTable = {
    table: jobsAs(build, tables, 'j'),
    id: columnRef(build, 'j', columns.id),
    state: columnRef(build, 'j', columns.state),
    columns: jobColumns(build, tables, 'j'),
  };
  const values = {
    ...touchedValues(build, dialect, tables.touch.jobs, 'j'),
    [columns.state]: states.writtenFor('FAILED'),
    [columns.endTime.column]: dialect.now(build, columns.endTime),
    ...(columns.errorMsg !== null && { [columns.errorMsg]: errorMsg }),
    ...(columns.exitCode !== null && { [columns.exitCode]: exitCode }),
  };
  const [from, to] = [states.rawOf('RUNNING'), states.rawOf('FAILED')];
  const guard = jobGuard(build, tables, 'j', rule);
  const rows = await updateLocked<JobRow>(session, tables, jobs, jobIds, { from, to, values, guard });
  return rows.map((row) => toJob(tables, row, 'FAILED'));
}

/** Releases unreleased allocations that are locked: RELEASED, releasedTime now. Returns them as they are now. */
export async function updateToReleased(
  session: SqlSession,
  tables: Tables,
  allocationIds: readonly string[],
): Promise<ResourceAllocation[]> {
  const { build } = session;
  const { columns, statuses } = allocationsOf(tables);
  const allocations: UpdatedTable = {
    table: allocationsAs(build, tables, 'a'),
    id: columnRef(build, 'a', columns.id),
    state: columnRef(build, 'a', columns.status),
    columns: allocationColumns(build, tables, 'a'),
  };
  const values = {
    ...touchedValues(build, tables.dialect, tables.touch.allocations, 'a'),
    [columns.status]: statuses.writtenFor('RELEASED'),
    [columns.releasedTime.column]: tables.dialect.now(build, columns.releasedTime),
  };
  const [from, to] = [statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES), statuses.rawOf('RELEASED')];
  const rows = await updateLocked<AllocationRow>(session, tables, allocations, allocationIds, { from, to, values });
  return rows.map((row) => toAllocation(tables, row, 'RELEASED'));
}

interface UpdatedTable {
  /** The table under its alias. */
  readonly table: Knex.Raw;
  readonly id: Knex.Raw;
  readonly state: Knex.Raw;
  /** What to read back. */
  readonly columns: readonly Knex.Raw[];
}

interface Change {
  readonly from: readonly RawState[];
  readonly to: readonly RawState[];
  /** By the names of their columns. */
  readonly values: Readonly<Record<string, Knex.Value | Knex.Raw>>;
  /** What else has to hold of the rows. */
  readonly guard?: readonly Knex.Raw[];
}

/**
 * Updates locked rows that are in one of the states `from`, and reads them back. Where UPDATE returns nothing they are
 * read by a second statement: the lock keeps everybody else away from them, so those in `to` are those that changed.
 */
async function updateLocked<Row>(
  session: SqlSession,
  { dialect }: Tables,
  { table, id, state, columns }: UpdatedTable,
  ids: readonly string[],
  { from, to, values, guard = [] }: Change,
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const { build } = session;
  const settings = Object.entries(values).map(([column, value]) =>
    build.raw('? = ?', [identifier(build, column), value]),
  );
  const conditions = [dialect.isOneOf(build, id, ids), dialect.isAnyOf(build, state, from), ...guard];
  // Not the builder's own, which takes columns by names that it reads in its own way.
  const update = build.raw('update ? set ? where ?', [
    table,
    joined(build, settings, ', '),
    joined(build, conditions, ' and '),
  ]);
  if (dialect.returnsChanged) {
    return session.rows<Row>(build.raw('? returning ?', [update, joined(build, columns, ', ')]));
  }
  await session.rows(update);
  const changed: Knex.QueryBuilder = build
    .from(table)
    .where(dialect.isOneOf(build, id, ids))
    .where(dialect.isAnyOf(build, state, to));
  return session.rows<Row>(changed.select([...columns]));
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

const joined = (build: Knex, parts: readonly Knex.Raw[], separator: string): Knex.Raw =>
  build.raw(parts.map(() => '?').join(separator), [...parts]);
