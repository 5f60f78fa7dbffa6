import { type AllocationsTable, type Filters, type JobsTable, JobsweepError, type Schema } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import type { Touch } from '../touch.js';
import { columnRef, identifier } from './identifiers.js';

/** What every query is made of: the mapped tables, the jobs of them that count, and the dialect they are asked in. */
export interface Tables {
  readonly schema: Schema;
  readonly filters: Filters;
  readonly dialect: Dialect;
  readonly touch: Touch;
}

/** A table as it is mapped. */
export type TableName = Pick<JobsTable, 'schema' | 'table'>;

/** The jobs table under an alias. */
export function jobsAs(build: Knex, { schema }: Tables, alias: string): Knex.Raw {
  return aliased(build, schema.jobs, alias);
}

/** The allocations table under an alias. */
export function allocationsAs(build: Knex, tables: Tables, alias: string): Knex.Raw {
  return aliased(build, allocationsOf(tables), alias);
}

/** The mapped allocations table. Throws `UNSUPPORTED_SCHEMA` where there is none. */
export function allocationsOf({ schema }: Tables): AllocationsTable {
  if (schema.allocations !== null) return schema.allocations;
  throw new JobsweepError(
    'UNSUPPORTED_SCHEMA',
    'schema.allocations is null, and this operation needs the allocations table. ' +
      'stuck_job_cleanup and old_job_cleanup work without it.',
  );
}

/** Expressions to return from a write: knex's types take names only there, its compiler takes expressions as well. */
export function returned(expressions: readonly Knex.Raw[]): string[] {
  return expressions as unknown as string[];
}

/** A table under its own name, with its schema. */
export function tableName(build: Knex, { schema, table }: TableName): Knex.Raw {
  return schema === undefined ? identifier(build, table) : columnRef(build, schema, table);
}

function aliased(build: Knex, table: TableName, alias: string): Knex.Raw {
  return build.raw('? as ?', [tableName(build, table), identifier(build, alias)]);
}
