import { type AllocationsTable, type JobsTable, JobsweepError, type Schema } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';

/** What every query is made of: the mapped tables and the dialect they are asked in. */
export interface Tables {
  readonly schema: Schema;
  readonly dialect: Dialect;
}

type TableName = Pick<JobsTable, 'schema' | 'table'>;

/** The jobs table under an alias. */
export function jobsAs(session: Knex, { schema }: Tables, alias: string): Knex.Raw {
  return aliased(session, schema.jobs, alias);
}

/** The allocations table under an alias. */
export function allocationsAs(session: Knex, tables: Tables, alias: string): Knex.Raw {
  return aliased(session, allocationsOf(tables), alias);
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

/** Runs a query whose columns are given by their aliases in `Row`. */
export async function rowsOf<Row>(query: Knex.QueryBuilder): Promise<Row[]> {
  return (await query) as Row[];
}

/** Expressions to return from a write: knex's types take names only there, its compiler takes expressions as well. */
export function returned(expressions: readonly Knex.Raw[]): string[] {
  return expressions as unknown as string[];
}

/** A table under its own name, with its schema. */
export function tableName(session: Knex, { schema, table }: TableName): Knex.Raw {
  return schema === undefined ? session.raw('??', [table]) : session.raw('??.??', [schema, table]);
}

function aliased(session: Knex, table: TableName, alias: string): Knex.Raw {
  return session.raw('? as ??', [tableName(session, table), alias]);
}
