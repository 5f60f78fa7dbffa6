import type { JobReference } from '@jobsweep/core';
import type { Tables } from '../context.js';
import type { TableName } from '../rows/tables.js';
import type { Look } from './look.js';

/** The foreign keys of all schemas that point at the jobs table. */
export function referencesOf({ dialect, schema }: Tables, look: Look): Promise<JobReference[]> {
  const { jobs, allocations } = schema;
  return look(async (session) => {
    const found = await dialect.catalog.foreignKeys(session, jobs);
    const isMapped = (table: TableName) =>
      allocations !== null &&
      table.table === allocations.table &&
      table.schema === (allocations.schema ?? found.schema);
    return found.keys.map(({ table, columns, constraint, onDelete, isIndexed }) => ({
      table: table.schema === found.schema ? table.table : `${table.schema}.${table.table}`,
      columns,
      constraint,
      onDelete,
      isIndexed,
      isMapped: isMapped(table),
    }));
  });
}
