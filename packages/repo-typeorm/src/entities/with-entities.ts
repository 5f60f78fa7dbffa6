import { type FilterOptions, type RowCondition, rejectUnknown, type SchemaOptions } from '@jobsweep/core';
import type { SqlStoreOptions, TouchOption, TouchOptions } from '@jobsweep/sql';
import type { DataSource } from 'typeorm';
import { requireInitialized } from '../initialized.js';
import type { TypeormStoreOptions } from '../options.js';
import { EntityTable } from './entity-table.js';
import { type EntitiesOption, named } from './option.js';
import { type Allocations, allocationsTable, type Jobs, jobsTable } from './tables.js';

const JOB_WORDS = ['id', 'name', 'state', 'startTime', 'endTime', 'errorMsg', 'exitCode'] as const;
const ALLOCATION_WORDS = ['id', 'jobId', 'status', 'allocationTime', 'releasedTime'] as const;

/**
 * The options with what the data source knows of the tables. Throws `INVALID_OPTION` for an entity that it does not
 * know, and `INVALID_SCHEMA` for what no mapping can be read from, with the option to set instead.
 */
export function withEntities(dataSource: DataSource, options: TypeormStoreOptions): SqlStoreOptions {
  const { entities = {}, schema = {}, touch = {}, ...rest } = options;
  const { jobs, allocations } = entityTables(dataSource, entities);
  return {
    ...rest,
    ownTables: { ...usualPlace(dataSource), ...rest.ownTables },
    schema: { ...schema, ...mapping(dataSource, jobs, allocations, schema) },
    touch: { ...touch, ...followed('jobs', jobs, touch), ...followed('allocations', allocations, touch) },
    ...notDeleted(jobs, rest.filters),
  };
}

function entityTables(dataSource: DataSource, entities: EntitiesOption): { jobs?: Jobs; allocations?: Allocations } {
  rejectUnknown('entities', entities, ['jobs', 'allocations']);
  const { jobs, allocations } = entities;
  if (jobs === undefined && allocations === undefined) return {};
  requireInitialized(dataSource);
  return {
    ...(jobs !== undefined && { jobs: new EntityTable(dataSource, 'jobs', named('entities.jobs', jobs, JOB_WORDS)) }),
    ...(allocations !== undefined && {
      allocations: new EntityTable(
        dataSource,
        'allocations',
        named('entities.allocations', allocations, ALLOCATION_WORDS),
      ),
    }),
  };
}

/** Of tables without an entity TypeORM knows no more than where it would look for them. */
function usualPlace({ options }: DataSource): { readonly schema?: string } {
  const { schema } = options as { readonly schema?: string };
  return schema === undefined ? {} : { schema };
}

function mapping(
  dataSource: DataSource,
  jobs: Jobs | undefined,
  allocations: Allocations | undefined,
  given: SchemaOptions,
): SchemaOptions {
  const usual = usualPlace(dataSource);
  const jobsOption = jobs === undefined ? { ...usual, ...given.jobs } : jobsTable(jobs, given.jobs);
  if (given.allocations === null) return { jobs: jobsOption };
  if (allocations === undefined) return { jobs: jobsOption, allocations: { ...usual, ...given.allocations } };
  return {
    jobs: jobsOption,
    allocations: allocationsTable(allocations, { entity: jobs, id: jobsOption.columns?.id }, given.allocations),
  };
}

/** The columns that TypeORM itself keeps current with every update. */
function followed(key: keyof TouchOptions, table: Jobs | Allocations | undefined, given: TouchOptions): TouchOptions {
  if (table === undefined) return {};
  const { now } = given[key] ?? {};
  const { updateDateColumn, versionColumn } = table.metadata;
  const own: TouchOption = {
    ...(updateDateColumn !== undefined &&
      now === undefined && { now: [table.timed(updateDateColumn, `touch.${key}.now`)] }),
    ...(versionColumn !== undefined && { increment: [versionColumn.databaseName] }),
  };
  return { [key]: { ...own, ...given[key] } };
}

/**
 * To the application, jobs that are softly deleted are gone: nothing may see, repair or purge them, unless they are to be
 * purged by when they were.
 */
function notDeleted(jobs: Jobs | undefined, filters: FilterOptions = {}): Pick<SqlStoreOptions, 'filters'> {
  const column = jobs?.metadata.deleteDateColumn;
  const { ageFrom } = filters;
  const isPurged = (typeof ageFrom === 'object' ? ageFrom.column : ageFrom) === column?.databaseName;
  if (column === undefined || isPurged) return {};
  const isThere = { [column.databaseName]: null };
  const { scope = {} } = filters;
  const both = Array.isArray(scope)
    ? scope.map((each: RowCondition) => ({ ...isThere, ...each }))
    : { ...isThere, ...scope };
  return { filters: { ...filters, scope: both } };
}
