import type { ForeignKey, TableName } from '../../catalog.js';
import { sql } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { findTable } from './names.js';

const ON_DELETE: Readonly<Record<string, ForeignKey['onDelete']>> = { c: 'cascades', n: 'sets', d: 'sets' };

/** See `ServerCatalog.foreignKeys`. The catalog shows those of tables that the user may not read, too. */
export async function foreignKeys(
  session: SqlSession,
  table: TableName,
): Promise<{ schema: string; keys: ForeignKey[] }> {
  const found = await findTable(session, table);
  const rows = await session.run(keysTo(found?.oid ?? '0'));
  const keys = rows.map(({ schema, tname, kname, ondelete, names, targets, indexed }) => ({
    table: { schema: schema ?? '', name: tname ?? '' },
    columns: JSON.parse(names ?? '[]') as string[],
    to: JSON.parse(targets ?? '[]') as string[],
    constraint: kname ?? '',
    onDelete: ON_DELETE[ondelete ?? ''] ?? 'blocks',
    isIndexed: indexed === 'true',
  }));
  return { schema: found?.schema ?? '', keys };
}

/** A key of a partition is a part of its table's. */
const keysTo = (oid: string) => sql`
  select n.nspname::text as schema, c.relname::text as tname, k.conname::text as kname, k.confdeltype::text as ondelete,
    (select json_agg(a.attname order by p.place)
     from unnest(k.conkey) with ordinality as p (number, place)
     join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = p.number)::text as names,
    (select json_agg(a.attname order by p.place)
     from unnest(k.confkey) with ordinality as p (number, place)
     join pg_attribute as a on a.attrelid = k.confrelid and a.attnum = p.number)::text as targets,
    exists (
      select from pg_index as x join pg_class as i on i.oid = x.indexrelid
      where x.indrelid = k.conrelid and x.indisvalid and x.indpred is null
        and (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)::text as indexed
  from pg_constraint as k
  join pg_class as c on c.oid = k.conrelid
  join pg_namespace as n on n.oid = c.relnamespace
  where k.contype = 'f' and k.confrelid = ${oid}::oid and k.conparentid = 0
  order by 1, 2, 3`;
