import type { Filters, JobsTable, Schema } from '@jobsweep/core';
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

/** Expressions to return from a write: knex's types take names only there, its compiler takes expressions as well. */
export function returned(expressions: readonly Knex.Raw[]): string[] {
  return expressions as unknown as string[];
}

/** A table under its own name, with its schema. */
export function tableName(build: Knex, { schema, table }: TableName): Knex.Raw {
  return schema === undefined ? identifier(build, table) : columnRef(build, schema, table);
}
