import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';

/** Names as a statement has them: in quotes where they need some. */
export async function quotedNames({ build, rows }: SqlSession, names: readonly string[]): Promise<string[]> {
  const asked = names.map((name, index) => build.raw(`quote_ident(?) as n${index}`, [name]));
  const [row] = await rows<Record<string, string>>(build.select(asked));
  return names.map((name, index) => row?.[`n${index}`] ?? name);
}

/** A table as a statement has it, with its schema where one is set. */
export async function quotedTable(session: SqlSession, { schema, table }: TableName): Promise<string> {
  return (await quotedNames(session, schema === undefined ? [table] : [schema, table])).join('.');
}

/** Where a table really is. */
export interface FoundTable {
  readonly oid: string;
  readonly schema: string;
  readonly schemaoid: string;
  readonly isPartitioned: boolean;
}

/** Looks a table up as the server does, but also in schemas that the user may not look into, which takes no privilege. */
export async function findTable(
  { build, rows }: SqlSession,
  { schema, table }: TableName,
): Promise<FoundTable | undefined> {
  const path = build.raw('array(select unnest(current_schemas(true)) union all select current_schema())');
  const query = build
    .select(
      build.raw("c.oid::text as oid, n.oid::text as schemaoid, n.nspname::text as schema, c.relkind = 'p' as part"),
    )
    .from(build.raw('pg_class as c join pg_namespace as n on n.oid = c.relnamespace'))
    .whereRaw("c.relname = ? and c.relkind in ('r', 'p', 'v', 'f')", [table])
    .whereRaw(schema === undefined ? 'n.nspname = any(?)' : 'n.nspname = ?', [schema ?? path])
    .orderByRaw('array_position(?, n.nspname)', [path])
    .limit(1);
  const [row] = await rows<{ oid: string; schemaoid: string; schema: string; part: boolean }>(query);
  if (row === undefined) return undefined;
  return { oid: row.oid, schema: row.schema, schemaoid: row.schemaoid, isPartitioned: row.part };
}

/** A text as a statement has it. */
export const literal = (value: unknown): string => `'${String(value).replaceAll("'", "''")}'`;
