import { columnsIn, type Filters, type SchemaFinding, type ServerInfo } from '@jobsweep/core';
import type { PgTransaction } from './pg-transaction.js';

/** The columns that statements name, with the types that they are compared as. */
const COLUMNS = `
  ('jobs.id', 'bigint'), ('jobs.name', 'text'), ('jobs.state', 'text'), ('jobs.start_time', 'timestamptz'),
  ('jobs.end_time', 'timestamptz'), ('jobs.error_msg', 'text'), ('jobs.exit_code', 'text'),
  ('resource_allocations.id', 'bigint'), ('resource_allocations.job_id', 'bigint'),
  ('resource_allocations.status', 'text'), ('resource_allocations.allocation_time', 'timestamptz'),
  ('resource_allocations.released_time', 'timestamptz')`;

/** Compares the tables with what the statements of this adapter expect of them, and with what filters name. */
export async function schemaFindings(
  transaction: PgTransaction,
  { scope, exclude, ageColumn }: Filters,
): Promise<SchemaFinding[]> {
  const filtered = [scope, exclude].flatMap(columnsIn);
  const wrong = await transaction.query<{ path: string; type: string | null; wanted: string | null }>(
    `with wanted (path, type) as (
       values ${COLUMNS}, ('jobs.' || $1, 'timestamptz') union all select 'jobs.' || name, null from unnest($2::text[]) as name
     ), real as (
       select c.relname || '.' || a.attname as path, a.atttypid::regtype as type
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.oid in (to_regclass('jobs'), to_regclass('resource_allocations'))
     )
     select path, real.type::text as type, wanted.type::regtype::text as wanted from wanted left join real using (path)
     where path is not null and (real.type is null or real.type <> wanted.type::regtype)`,
    [ageColumn?.column, filtered],
  );
  return wrong.map(({ path, type, wanted }) => ({
    path,
    problem: type === null ? `There is no column ${path}` : `The column ${path} is of type ${type}`,
    fix: wanted === null ? 'Filter by a column of jobs' : `Make it ${wanted}: this adapter has fixed tables`,
  }));
}

/** What the server says of itself, and its clock. */
export async function serverInfo(transaction: PgTransaction): Promise<ServerInfo> {
  const [row] = await transaction.query<{ found: Omit<ServerInfo, 'product' | 'now'> & { readonly now: number } }>(
    `select json_build_object(
       'version', current_setting('server_version'), 'timeZone', current_setting('timezone'),
       'isWritable', not pg_is_in_recovery(), 'now', extract(epoch from clock_timestamp()) * 1000) as found`,
  );
  if (row === undefined) throw new TypeError('A query for one row gave none');
  return { product: 'PostgreSQL', ...row.found, now: new Date(row.found.now) };
}
