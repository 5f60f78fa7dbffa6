import type { JobsTable } from '@jobsweep/core';
import type { Knex } from 'knex';
import { columnRef, identifier } from './identifiers.js';

/** A table as it is mapped. */
export type TableName = Pick<JobsTable, 'schema' | 'table'>;

/** A table under its own name, with its schema. */
export function tableName(build: Knex, { schema, table }: TableName): Knex.Raw {
  return schema === undefined ? identifier(build, table) : columnRef(build, schema, table);
}
