import {
  type AllocationsTableOption,
  invalidSchema,
  JOB_STATES,
  type JobsTableOption,
  RESOURCE_STATUSES,
} from '@jobsweep/core';
import type { ColumnMetadata } from './column-types.js';
import { entityStates } from './entity-states.js';
import type { EntityTable } from './entity-table.js';

export type Jobs = EntityTable<keyof NonNullable<JobsTableOption['columns']>>;
export type Allocations = EntityTable<keyof NonNullable<AllocationsTableOption['columns']>>;

/** The jobs table of an entity, where `given` says nothing else. */
export function jobsTable(table: Jobs, given: JobsTableOption = {}): JobsTableOption {
  const columns = given.columns ?? {};
  const state = columns.state ?? table.label('state');
  return {
    ...table.place,
    ...given,
    columns: {
      ...columns,
      state,
      id: columns.id ?? table.id('id', () => primaryColumn(table)),
      name: columns.name ?? table.label('name'),
      startTime: table.time('startTime', columns.startTime),
      endTime: table.time('endTime', columns.endTime),
      errorMsg: columns.errorMsg === undefined ? table.text('errorMsg') : columns.errorMsg,
      exitCode: columns.exitCode === undefined ? table.text('exitCode') : columns.exitCode,
    },
    ...entityStates(table, state, 'states', JOB_STATES, given.states),
  };
}

/**
 * The allocations table of an entity, where `given` says nothing else.
 *
 * @param jobs the entity of jobs, if there is one, and the column that it is known by.
 */
export function allocationsTable(
  table: Allocations,
  jobs: { readonly entity: Jobs | undefined; readonly id: string | undefined },
  given: AllocationsTableOption = {},
): AllocationsTableOption {
  const columns = given.columns ?? {};
  const status = columns.status ?? table.label('status');
  const jobId = columns.jobId ?? table.id('jobId', () => linkTo(jobs.entity, table));
  if (jobs.entity !== undefined) requireLink(table, jobId, jobs.id);
  return {
    ...table.place,
    ...given,
    columns: {
      ...columns,
      status,
      id: columns.id ?? table.id('id', () => primaryColumn(table)),
      jobId,
      allocationTime: table.time('allocationTime', columns.allocationTime),
      releasedTime: table.time('releasedTime', columns.releasedTime),
    },
    ...entityStates(table, status, 'statuses', RESOURCE_STATUSES, given.statuses),
  };
}

/** The column of the primary key, where it has one alone. */
function primaryColumn({ metadata }: Jobs | Allocations): ColumnMetadata | undefined {
  const [column, ...more] = metadata.primaryColumns;
  return more.length === 0 ? column : undefined;
}

/** The column of the one relation that leads from allocations to jobs. */
function linkTo(jobs: Jobs | undefined, { metadata }: Allocations): ColumnMetadata | undefined {
  const links = metadata.relations.filter(
    ({ isOwning, joinColumns, inverseEntityMetadata }) =>
      isOwning && joinColumns.length === 1 && inverseEntityMetadata === jobs?.metadata,
  );
  return links.length === 1 ? links[0]?.joinColumns[0] : undefined;
}

/** Throws `INVALID_SCHEMA` for a relation to another column than the id of jobs. */
function requireLink(table: Allocations, jobId: string, id: string | undefined): void {
  const column = table.columnNamed(jobId);
  const target = column?.referencedColumn?.databaseName;
  if (target === undefined || target === id) return;
  const problem = `${table.entity}.${column?.propertyPath} leads to the column "${target}" of jobs, not to "${id}"`;
  throw invalidSchema(problem, `Set schema.jobs.columns.id to '${target}', or map another column to jobId`);
}
