import { FINISHED_JOB_STATES, type TimeColumn, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';
import type { Knex } from 'knex';
import { allocationsAs, allocationsOf, jobsAs, type Tables } from '../rows/tables.js';

/**
 * Allocations `a` that are not released although their job `j` is finished.
 *
 * The state is looked up for each allocation by itself. Nearly all jobs are finished, so planners that join by the
 * state expect nearly all unreleased allocations to be due, and read the whole history of jobs instead.
 */
export function completedWithUnreleased(session: Knex, tables: Tables): Knex.QueryBuilder {
  const { id, state } = tables.schema.jobs.columns;
  const { columns, statuses } = allocationsOf(tables);
  const stateOfJob = session
    .select(`f.${state}`)
    .from(jobsAs(session, tables, 'f'))
    .whereRaw('?? = ??', [`f.${id}`, `a.${columns.jobId}`]);
  return allocationsWithJobs(session, tables)
    .whereIn(`a.${columns.status}`, statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES))
    .whereIn(
      session.raw('(?)', [stateOfJob]) as unknown as string,
      tables.schema.jobs.states.rawOf(...FINISHED_JOB_STATES),
    );
}

/** Reservations `a` before the horizon whose job `j` runs, and whose siblings keep nothing alive. */
export function staleReservations(session: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  const { jobs } = tables.schema;
  const { columns, statuses } = allocationsOf(tables);
  const query = allocationsWithJobs(session, tables)
    .whereIn(`a.${columns.status}`, statuses.rawOf('RESERVED'))
    .whereIn(`j.${jobs.columns.state}`, jobs.states.rawOf('RUNNING'))
    .whereNotExists(liveSiblings(session, tables, maxAgeSeconds));
  return before(query, session, tables, 'a', columns.allocationTime, maxAgeSeconds);
}

/** Jobs `j` that run and started before the horizon. */
export function stuckJobs(session: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  const { columns, states } = tables.schema.jobs;
  const query = session.from(jobsAs(session, tables, 'j')).whereIn(`j.${columns.state}`, states.rawOf('RUNNING'));
  return before(query, session, tables, 'j', columns.startTime, maxAgeSeconds);
}

/** Jobs `j` that are finished and ended before the horizon. */
export function oldJobs(session: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  const { columns, states } = tables.schema.jobs;
  const finished = states.rawOf(...FINISHED_JOB_STATES);
  const query = session.from(jobsAs(session, tables, 'j')).whereIn(`j.${columns.state}`, finished);
  return before(query, session, tables, 'j', columns.endTime, maxAgeSeconds);
}

function allocationsWithJobs(session: Knex, tables: Tables): Knex.QueryBuilder {
  const { columns } = allocationsOf(tables);
  const job = jobsAs(session, tables, 'j');
  return session
    .from(allocationsAs(session, tables, 'a'))
    .join(job as unknown as string, `j.${tables.schema.jobs.columns.id}`, `a.${columns.jobId}`);
}

/**
 * Other allocations of the same job that keep it alive: ALLOCATED, of a status that nobody mapped, or RESERVED and not
 * yet stale, which a reservation without a time never is.
 */
function liveSiblings(session: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  const { columns, statuses } = allocationsOf(tables);
  const status = `s.${columns.status}`;
  const stale = before(
    session.select(session.raw('1')).whereIn(status, statuses.rawOf('RESERVED')),
    session,
    tables,
    's',
    columns.allocationTime,
    maxAgeSeconds,
  );
  return session
    .select(session.raw('1'))
    .from(allocationsAs(session, tables, 's'))
    .whereRaw('?? = ??', [`s.${columns.jobId}`, `a.${columns.jobId}`])
    .whereRaw('?? <> ??', [`s.${columns.id}`, `a.${columns.id}`])
    .where((held) => {
      void held.whereNull(status).orWhereNotIn(status, statuses.rawOf('RELEASED'));
    })
    .whereNotExists(stale);
}

/** Strictly before the horizon; NULL and unset times are before none. */
function before(
  query: Knex.QueryBuilder,
  session: Knex,
  { dialect }: Tables,
  alias: string,
  { column, codec, unset }: TimeColumn,
  maxAgeSeconds: number,
): Knex.QueryBuilder {
  const ref = `${alias}.${column}`;
  query.whereRaw('?? < ?', [ref, dialect.horizon(session, codec, maxAgeSeconds)]);
  return unset.length === 0 ? query : query.whereNotIn(ref, [...unset]);
}
