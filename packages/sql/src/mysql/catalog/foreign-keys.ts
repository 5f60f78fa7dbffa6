import type { ForeignKey } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';
import { ownSchema } from './names.js';

interface Row {
  readonly tschema: string;
  readonly tname: string;
  readonly kname: string;
  readonly cname: string;
  readonly ondelete: string;
}

const ON_DELETE: Readonly<Record<string, ForeignKey['onDelete']>> = {
  CASCADE: 'cascades',
  'SET NULL': 'sets',
  'SET DEFAULT': 'sets',
};

/** See `Catalog.foreignKeys`. The servers tell only of tables on which the user has some privilege. */
export async function foreignKeys(
  session: SqlSession,
  { schema, table }: TableName,
): Promise<{ schema: string; keys: ForeignKey[] }> {
  const { build, rows } = session;
  const own = schema ?? (await ownSchema(session));
  const query = build
    .select(
      build.raw('k.table_schema as tschema, k.table_name as tname, k.constraint_name as kname'),
      build.raw('k.column_name as cname, r.delete_rule as ondelete'),
    )
    .from(build.raw('information_schema.key_column_usage as k'))
    .joinRaw(
      'join information_schema.referential_constraints as r on r.constraint_schema = k.constraint_schema ' +
        'and r.constraint_name = k.constraint_name and r.table_name = k.table_name',
    )
    .whereRaw('k.referenced_table_schema = ? and k.referenced_table_name = ?', [own, table])
    .orderByRaw('k.table_schema, k.table_name, k.constraint_name, k.ordinal_position');
  const keys = new Map<string, ForeignKey & { columns: string[] }>();
  for (const { tschema, tname, kname, cname, ondelete } of await rows<Row>(query)) {
    const id = JSON.stringify([tschema, tname, kname]);
    const key = keys.get(id) ?? {
      table: { schema: tschema, table: tname },
      columns: [],
      constraint: kname,
      onDelete: ON_DELETE[ondelete] ?? 'blocks',
      // InnoDB takes no foreign key without one, and lets nobody drop the last one.
      isIndexed: true,
    };
    key.columns.push(cname);
    keys.set(id, key);
  }
  return { schema: own, keys: [...keys.values()] };
}
