import type { DuePartition } from '@jobsweep/core';
import type { Kept, TableName } from '../../catalog.js';
import { literal } from '../../driver/source.js';
import { type Bound, inlined, sql, verbatim } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { findTable, quotedTable } from './names.js';

/** Longer than a writer should wait behind whoever takes a partition away. */
const LOCK_TIMEOUT = '5s';

/** Partitions of a table by range, those that were made first first, without the one for all the rest. */
export async function partitionsOf(session: SqlSession, table: TableName, limit: number): Promise<TableName[]> {
  const found = await findTable(session, table);
  if (found?.isPartitioned !== true) return [];
  const rows = await session.run(sql`
    select n.nspname::text as schema, c.relname::text as name
    from pg_partitioned_table as t join pg_inherits as i on i.inhparent = t.partrelid
      join pg_class as c on c.oid = i.inhrelid join pg_namespace as n on n.oid = c.relnamespace
    where t.partrelid = ${found.oid}::oid and t.partstrat = 'r' and c.relkind in ('r', 'p')
      and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
    order by c.oid limit ${verbatim(String(limit))}`);
  return rows.map(({ schema = null, name }) => ({ schema: schema ?? undefined, name: name ?? '' }));
}

/**
 * Everybody who could add what keeps the partition is locked out before the proof, so that it holds until the partition is
 * gone. Where it fails, so does each statement after it, and COMMIT takes all of it back.
 */
export async function dropping(
  session: SqlSession,
  table: TableName,
  partition: TableName,
  { aliased, where, tables }: Kept,
): Promise<DuePartition> {
  const whole = await nameOf(session, table);
  const part = await nameOf(session, partition);
  const locked = new Set([part]);
  for (const each of tables) locked.add(await nameOf(session, each));
  const statement = `BEGIN;
SET LOCAL lock_timeout = '${LOCK_TIMEOUT}';
LOCK TABLE ${[...locked].join(', ')} IN SHARE ROW EXCLUSIVE MODE;
DO $jobsweep$ BEGIN
  IF EXISTS (SELECT FROM ${inlined(aliased, literalOf)} WHERE ${inlined(where, literalOf)}) THEN
    RAISE EXCEPTION 'Not every row of % may go', ${literal(part)};
  END IF;
END $jobsweep$;
ALTER TABLE ${whole} DETACH PARTITION ${part};
DROP TABLE ${part};
COMMIT;`;
  return { partition: part, statement };
}

/** With its schema: whoever runs the script may find other tables first. */
async function nameOf(session: SqlSession, { schema, name }: TableName): Promise<string> {
  return quotedTable(session, { schema: schema ?? (await findTable(session, { schema, name }))?.schema, name });
}

function literalOf(value: Bound): string {
  if (value === null) return 'NULL';
  return typeof value === 'object' ? `ARRAY[${value.map(literal).join(', ')}]` : literal(value);
}
