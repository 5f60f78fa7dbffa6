import type { TableName } from '../../catalog.js';
import { joined, sql, verbatim } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';

/** Names as a statement has them: in quotes where they need some. */
export async function quotedNames({ run }: SqlSession, names: readonly string[]): Promise<string[]> {
  const asked = names.map((name, index) => sql`quote_ident(${name}) as ${verbatim(`n${index}`)}`);
  const [row] = await run(sql`select ${joined(asked, ', ')}`);
  return names.map((name, index) => row?.[`n${index}`] ?? name);
}

/** A table as a statement has it, with its schema where one is set. */
export async function quotedTable(session: SqlSession, { schema, name }: TableName): Promise<string> {
  return (await quotedNames(session, schema === undefined ? [name] : [schema, name])).join('.');
}

/** Where a table really is. */
export interface FoundTable {
  readonly oid: string;
  readonly schema: string;
  readonly schemaOid: string;
  readonly isPartitioned: boolean;
}

/** Looks a table up as the server does, but also in schemas that the user may not look into, which takes no privilege. */
export async function findTable({ run }: SqlSession, { schema, name }: TableName): Promise<FoundTable | undefined> {
  const path = sql`array(select unnest(current_schemas(true)) union all select current_schema())`;
  const [row] = await run(sql`
    select c.oid::text as oid, n.oid::text as schemaoid, n.nspname::text as schema, c.relkind::text as kind
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relname = ${name} and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and ${schema === undefined ? sql`n.nspname = any(${path})` : sql`n.nspname = ${schema}`}
    order by array_position(${path}, n.nspname) limit 1`);
  if (row === undefined) return undefined;
  const { oid, schemaoid, schema: place, kind } = row;
  return { oid: oid ?? '', schema: place ?? '', schemaOid: schemaoid ?? '', isPartitioned: kind === 'p' };
}
