import {
  type AllocationsTableOption,
  type EndTimeOption,
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
      id: columns.id ?? table.keyColumns('id', () => table.metadata.primaryColumns),
      name: columns.name ?? table.label('name'),
      startTime: table.time('startTime', columns.startTime),
      endTime: endTime(table, columns.endTime),
      errorMsg: columns.errorMsg === undefined ? table.text('errorMsg') : columns.errorMsg,
      exitCode: columns.exitCode === undefined ? table.text('exitCode') : columns.exitCode,
    },
    ...entityStates(table, state, 'states', JOB_STATES, given.states),
  };
}

/**
 * The allocations table of an entity, where `given` says nothing else.
 *
 * @param jobs the entity of jobs, if there is one, and the columns that it is known by.
 */
export function allocationsTable(
  table: Allocations,
  jobs: { readonly entity: Jobs | undefined; readonly id: KeyOption | undefined },
  given: AllocationsTableOption = {},
): AllocationsTableOption {
  const columns = given.columns ?? {};
  const status = columns.status ?? table.label('status');
  const jobId = columns.jobId ?? table.keyColumns('jobId', () => linkTo(jobs.entity, table, listed(jobs.id)));
  if (jobs.entity !== undefined && given.via === undefined) requireLink(table, listed(jobId), listed(jobs.id));
  return {
    ...table.place,
    ...given,
    columns: {
      ...columns,
      status,
      id: columns.id ?? table.keyColumns('id', () => table.metadata.primaryColumns),
      jobId,
      allocationTime: table.timeOrNull('allocationTime', columns.allocationTime),
      releasedTime: table.timeOrNull('releasedTime', columns.releasedTime),
    },
    ...entityStates(table, status, 'statuses', RESOURCE_STATUSES, given.statuses),
  };
}

type KeyOption = NonNullable<JobsTableOption['columns']>['id'];

/** The column of the end, or several, or none. */
function endTime(table: Jobs, given: EndTimeOption | undefined): EndTimeOption {
  const isOne = given == null || typeof given === 'string' || 'column' in given;
  return isOne ? table.timeOrNull('endTime', given) : given.map((each) => table.time('endTime', each));
}

const listed = (key: KeyOption = []): readonly string[] => (typeof key === 'string' ? [key] : key);

/** The columns of the one relation that leads from allocations to jobs, in the order of the jobs' key. */
function linkTo(jobs: Jobs | undefined, { metadata }: Allocations, id: readonly string[]): ColumnMetadata[] {
  const links = metadata.relations.filter(
    ({ isOwning, inverseEntityMetadata }) => isOwning && inverseEntityMetadata === jobs?.metadata,
  );
  const [link, ...others] = links;
  if (link === undefined || others.length > 0) return [];
  const place = ({ referencedColumn }: ColumnMetadata) => id.indexOf(referencedColumn?.databaseName ?? '');
  return [...link.joinColumns].sort((one, other) => place(one) - place(other));
}

/** Throws `INVALID_SCHEMA` for a relation to other columns than the key of jobs. */
function requireLink(table: Allocations, jobId: readonly string[], id: readonly string[]): void {
  for (const [index, name] of jobId.entries()) {
    const column = table.columnNamed(name);
    const target = column?.referencedColumn?.databaseName;
    if (target === undefined || target === id[index]) continue;
    const problem = `${table.entity}.${column?.propertyPath} leads to the column "${target}" of jobs, not to "${id[index]}"`;
    throw invalidSchema(problem, `Set schema.jobs.columns.id to '${target}', or map another column to jobId`);
  }
}
