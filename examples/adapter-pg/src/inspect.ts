import type { SchemaFinding } from '@jobsweep/core';
import type { PgTransaction } from './pg-transaction.js';

/** The columns that statements name, with the types that they are compared as. */
const COLUMNS = [
  ['jobs', 'id', 'bigint'],
  ['jobs', 'name', 'text'],
  ['jobs', 'state', 'text'],
  ['jobs', 'start_time', 'timestamp with time zone'],
  ['jobs', 'end_time', 'timestamp with time zone'],
  ['jobs', 'error_msg', 'text'],
  ['jobs', 'exit_code', 'text'],
  ['resource_allocations', 'id', 'bigint'],
  ['resource_allocations', 'job_id', 'bigint'],
  ['resource_allocations', 'status', 'text'],
  ['resource_allocations', 'allocation_time', 'timestamp with time zone'],
  ['resource_allocations', 'released_time', 'timestamp with time zone'],
] as const;

/** Compares the tables with what the statements of this adapter expect of them. */
export async function schemaFindings(transaction: PgTransaction): Promise<SchemaFinding[]> {
  const real = await transaction.query<{ name: string; type: string }>(
    `select c.relname || '.' || a.attname as name, format_type(a.atttypid, null) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.oid in (to_regclass('jobs'), to_regclass('resource_allocations'))`,
  );
  const types = new Map(real.map(({ name, type }) => [name, type]));
  return COLUMNS.flatMap(([table, column, type]) => {
    const path = `${table}.${column}`;
    const found = types.get(path);
    if (found === type) return [];
    const problem = found === undefined ? `There is no column ${path}` : `The column ${path} is of type ${found}`;
    return [{ path, problem, fix: `Make it ${type}: this adapter has fixed tables` }];
  });
}
