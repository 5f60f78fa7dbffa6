import type { ForeignKey, TableName } from '../../catalog.js';
import { sql } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';

const ON_DELETE: Readonly<Record<string, ForeignKey['onDelete']>> = {
  CASCADE: 'cascades',
  'SET NULL': 'sets',
  'SET DEFAULT': 'sets',
};

/** See `ServerCatalog.foreignKeys`. The servers tell only of tables on which the user has some privilege. */
export async function foreignKeys(
  { run }: SqlSession,
  { schema, name }: TableName,
): Promise<{ schema: string; keys: ForeignKey[] }> {
  const own = schema ?? (await ownSchema(run));
  const rows = await run(sql`
    select k.table_schema as tschema, k.table_name as tname, k.constraint_name as kname, k.column_name as cname, k.referenced_column_name as target, r.delete_rule as ondelete
    from information_schema.key_column_usage as k
    join information_schema.referential_constraints as r
      on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
    where k.referenced_table_schema = ${own} and k.referenced_table_name = ${name}
    order by k.table_schema, k.table_name, k.constraint_name, k.ordinal_position`);
  const keys = new Map<string, ForeignKey & { columns: string[]; to: string[] }>();
  for (const { tschema, tname, kname, cname, target, ondelete } of rows) {
    const id = JSON.stringify([tschema, tname, kname]);
    const key = keys.get(id) ?? {
      table: { schema: tschema ?? '', name: tname ?? '' },
      columns: [],
      to: [],
      constraint: kname ?? '',
      onDelete: ON_DELETE[ondelete ?? ''] ?? 'blocks',
      // InnoDB takes no foreign key without one, and lets nobody drop the last one.
      isIndexed: true,
    };
    key.columns.push(cname ?? '');
    key.to.push(target ?? '');
    keys.set(id, key);
  }
  return { schema: own, keys: [...keys.values()] };
}

/** The database that the connection uses. */
export async function ownSchema(run: SqlSession['run']): Promise<string> {
  return (await run(sql`select database() as db`))[0]?.db ?? '';
}
