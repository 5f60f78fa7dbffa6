import {
  type AllocationsTable,
  type Filters,
  type JobState,
  type JobsTable,
  JobsweepError,
  type ResourceStatus,
  resolveFilters,
  type Schema,
  type StateCodec,
} from '@jobsweep/core';
import type { Connection, mongo } from 'mongoose';
import type { MongoRepositoryOptions } from '../options.js';
import { type Bson, bsonOf } from '../values/bson.js';
import type { IdType } from '../values/ids.js';
import { type Conventions, conventionsOf, NO_CONVENTIONS, type UserModel } from './model.js';
import { checkField, checkTime, mongoSchema } from './schema.js';

/** A collection of the user's own mongoose, so that its logging sees every command. */
export type Collection = mongo.Collection;

/** A collection with its conventions. */
interface MappedCollection {
  readonly collection: Collection;
  readonly conventions: Conventions;
  readonly idType: IdType | undefined;
}

interface JobsCollection extends MappedCollection {
  readonly fields: JobsTable['columns'];
  readonly states: StateCodec<JobState>;
}

export interface AllocationsCollection extends MappedCollection {
  readonly fields: AllocationsTable['columns'];
  readonly statuses: StateCodec<ResourceStatus>;
}

/** What every command is made of. */
export interface Mapping {
  readonly bson: Bson;
  readonly schema: Schema;
  readonly filters: Filters;
  readonly jobs: JobsCollection;
  readonly allocations: AllocationsCollection | null;
  readonly fenceField: string | null;
}

/** Throws `INVALID_SCHEMA` for a mapping that contradicts itself, `INVALID_OPTION` for filters or models that do. */
export function mappingOf(connection: Connection, options: MongoRepositoryOptions): Mapping {
  const { models = {}, fenceField = 'fence' } = options;
  const schema = mongoSchema(options.schema, models);
  const filters = resolveFilters(options.filters);
  if (filters.ageColumn !== null) checkTime('filters.ageColumn', filters.ageColumn);
  for (const { column } of [...filters.scope, ...filters.exclude.columns]) checkField('filters', column);
  if (fenceField !== null) checkField('fenceField', fenceField);

  const mapped = (option: string, model: UserModel | undefined, table: string, idField: string): MappedCollection => {
    const conventions = model === undefined ? NO_CONVENTIONS : conventionsOf(option, model, connection, idField);
    const collection = (model?.collection as unknown as Collection | undefined) ?? connection.collection(table);
    return { collection, conventions, idType: options.idType ?? conventions.idType };
  };
  const { jobs, allocations } = schema;
  return {
    bson: bsonOf(connection),
    schema,
    filters,
    jobs: {
      ...mapped('models.jobs', models.jobs, jobs.table, jobs.columns.id),
      fields: jobs.columns,
      states: jobs.states,
    },
    allocations:
      allocations === null
        ? null
        : {
            ...mapped('models.allocations', models.allocations, allocations.table, allocations.columns.id),
            fields: allocations.columns,
            statuses: allocations.statuses,
          },
    fenceField,
  };
}

/** The mapped allocations. Throws `UNSUPPORTED_SCHEMA` where there are none. */
export function allocationsOf({ allocations }: Mapping): AllocationsCollection {
  if (allocations !== null) return allocations;
  throw new JobsweepError(
    'UNSUPPORTED_SCHEMA',
    'schema.allocations is null, and this operation needs the collection of allocations. ' +
      'stuck_job_cleanup and old_job_cleanup work without it.',
  );
}
