import {
  FINISHED_JOB_STATES,
  type JobState,
  type RawState,
  type ResourceStatus,
  UNRELEASED_RESOURCE_STATUSES,
} from '@jobsweep/core';
import type { Knex } from 'knex';
import { jobFilters, whereAll } from '../filters/jobs.js';
import { isOverAge } from '../filters/limits.js';
import { columnRef } from '../rows/identifiers.js';
import { allocationsAs, allocationsOf, jobsAs, type Tables } from '../rows/tables.js';

/**
 * Allocations `a` that are not released although their job `j` is finished.
 *
 * The state of a job that passes the filters is looked up for each allocation by itself. Nearly all jobs are finished, so planners that join by the
 * state expect nearly all unreleased allocations to be due, and read the whole history of jobs instead.
 */
export function completedWithUnreleased(build: Knex, tables: Tables): Knex.QueryBuilder {
  const { dialect, schema } = tables;
  const { id, state } = schema.jobs.columns;
  const { columns, statuses } = allocationsOf(tables);
  const stateOfJob = build
    .select(columnRef(build, 'f', state))
    .from(jobsAs(build, tables, 'f'))
    .whereRaw('? = ?', [columnRef(build, 'f', id), columnRef(build, 'a', columns.jobId)])
    .modify(whereAll, jobFilters(build, tables, 'f'));
  const finished = schema.jobs.states.rawOf(...FINISHED_JOB_STATES);
  return allocationsWithJobs(build, tables)
    .where(
      dialect.isAnyOf(build, columnRef(build, 'a', columns.status), statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES)),
    )
    .where(dialect.equalsAnyOf(build, build.raw('?', [stateOfJob]), finished));
}

/** Reservations `a` before their horizon whose job `j` runs, and whose siblings keep nothing alive. */
export function staleReservations(build: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  return reservationsOfRunning(build, tables)
    .where(isOverAge(build, tables, 'staleReservationMinutes', 'a', maxAgeSeconds))
    .whereNotExists(liveSiblings(build, tables, maxAgeSeconds));
}

/** Reservations `a` of any age whose job `j` runs. */
export function reservationsOfRunning(build: Knex, tables: Tables): Knex.QueryBuilder {
  const { columns, states } = tables.schema.jobs;
  const isRunning = tables.dialect.isAnyOf(build, columnRef(build, 'j', columns.state), states.rawOf('RUNNING'));
  return allocationsIn(build, tables, ['RESERVED']).where(isRunning);
}

/** Jobs `j` that run and started, or gave their last sign of life, before their horizon. */
export function stuckJobs(build: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  return runningJobs(build, tables).where(isOverAge(build, tables, 'stuckHours', 'j', maxAgeSeconds));
}

/** Jobs `j` that are finished and ended before their horizon. */
export function oldJobs(build: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  return finishedJobs(build, tables).where(isOverAge(build, tables, 'oldDays', 'j', maxAgeSeconds));
}

/** Jobs `j` that run, of those that pass the filters. */
export function runningJobs(build: Knex, tables: Tables): Knex.QueryBuilder {
  return jobsIn(build, tables, ['RUNNING']);
}

/** Jobs `j` that are finished, of those that pass the filters. */
export function finishedJobs(build: Knex, tables: Tables): Knex.QueryBuilder {
  return jobsIn(build, tables, FINISHED_JOB_STATES);
}

function jobsIn(build: Knex, tables: Tables, states: readonly JobState[]): Knex.QueryBuilder {
  const { jobs } = tables.schema;
  return build
    .from(jobsAs(build, tables, 'j'))
    .where(tables.dialect.isAnyOf(build, columnRef(build, 'j', jobs.columns.state), jobs.states.rawOf(...states)))
    .modify(whereAll, jobFilters(build, tables, 'j'));
}

/** Allocations `a` in any of some statuses whose job `j` passes the filters. */
export function allocationsIn(build: Knex, tables: Tables, statuses: readonly ResourceStatus[]): Knex.QueryBuilder {
  const { columns, statuses: codec } = allocationsOf(tables);
  return allocationsWithJobs(build, tables)
    .where(tables.dialect.isAnyOf(build, columnRef(build, 'a', columns.status), codec.rawOf(...statuses)))
    .modify(whereAll, jobFilters(build, tables, 'j'));
}

function allocationsWithJobs(build: Knex, tables: Tables): Knex.QueryBuilder {
  const { columns } = allocationsOf(tables);
  const job = jobsAs(build, tables, 'j');
  return build
    .from(allocationsAs(build, tables, 'a'))
    .joinRaw('inner join ? on ? = ?', [
      job,
      columnRef(build, 'j', tables.schema.jobs.columns.id),
      columnRef(build, 'a', columns.jobId),
    ]);
}

/**
 * Other allocations of the same job that keep it alive: ALLOCATED, of a status that nobody mapped, or RESERVED and not
 * yet stale, which a reservation without a time never is.
 */
function liveSiblings(build: Knex, tables: Tables, maxAgeSeconds: number): Knex.QueryBuilder {
  const { dialect } = tables;
  const { columns, statuses } = allocationsOf(tables);
  const status = columnRef(build, 's', columns.status);
  const stale = build
    .select(build.raw('1'))
    .where(dialect.isAnyOf(build, status, statuses.rawOf('RESERVED')))
    .where(isOverAge(build, tables, 'staleReservationMinutes', 's', maxAgeSeconds));
  return build
    .select(build.raw('1'))
    .from(allocationsAs(build, tables, 's'))
    .whereRaw('? = ?', [columnRef(build, 's', columns.jobId), columnRef(build, 'a', columns.jobId)])
    .whereRaw('? <> ?', [columnRef(build, 's', columns.id), columnRef(build, 'a', columns.id)])
    .where(isNoneOf(build, tables, status, statuses.rawOf('RELEASED')))
    .whereNotExists(stale);
}

/** Allocations `u` of a job that are not released, those of a status that nobody mapped included: they keep it. */
export function unreleasedOf(build: Knex, tables: Tables, job: string): Knex.QueryBuilder {
  const { columns, statuses } = allocationsOf(tables);
  return build
    .select(build.raw('1'))
    .from(allocationsAs(build, tables, 'u'))
    .whereRaw('? = ?', [columnRef(build, 'u', columns.jobId), columnRef(build, job, tables.schema.jobs.columns.id)])
    .where(isNoneOf(build, tables, columnRef(build, 'u', columns.status), statuses.rawOf('RELEASED')));
}

/** Whether a state column holds anything but these values: NULL and unknown values included. */
export function isNoneOf(build: Knex, { dialect }: Tables, column: Knex.Raw, values: readonly RawState[]): Knex.Raw {
  return build.raw('(? is null or not (?))', [column, dialect.isAnyOf(build, column, values)]);
}
