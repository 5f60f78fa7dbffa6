import type { ForeignKey } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';
import { findTable } from './names.js';

/** A key of a partition is a part of its table's. */
const FOREIGN_KEYS = `
  select n.nspname::text as schema, c.relname::text as tname, k.conname::text as kname, k.confdeltype as ondelete,
    (select json_agg(a.attname order by p.place)
     from unnest(k.conkey) with ordinality as p (number, place)
     join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = p.number) as names,
    exists (
      select from pg_index as x join pg_class as i on i.oid = x.indexrelid
      where x.indrelid = k.conrelid and x.indisvalid and x.indpred is null
        and (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) as indexed
  from pg_constraint as k
  join pg_class as c on c.oid = k.conrelid
  join pg_namespace as n on n.oid = c.relnamespace
  where k.contype = 'f' and k.confrelid = ?::oid and k.conparentid = 0
  order by 1, 2, 3`;

interface Row {
  readonly schema: string;
  readonly tname: string;
  readonly kname: string;
  readonly ondelete: string;
  readonly names: string[];
  readonly indexed: boolean;
}

const ON_DELETE: Readonly<Record<string, ForeignKey['onDelete']>> = { c: 'cascades', n: 'sets', d: 'sets' };

/** See `Catalog.foreignKeys`. The catalog shows those of tables that the user may not read, too. */
export async function foreignKeys(
  session: SqlSession,
  table: TableName,
): Promise<{ schema: string; keys: ForeignKey[] }> {
  const { build, rows } = session;
  const found = await findTable(session, table);
  const keys = await rows<Row>(build.select('*').from(build.raw(`(${FOREIGN_KEYS}) as t`, [found?.oid ?? '0'])));
  return {
    schema: found?.schema ?? '',
    keys: keys.map(({ schema, tname, kname, ondelete, names, indexed }) => ({
      table: { schema, table: tname },
      columns: names,
      constraint: kname,
      onDelete: ON_DELETE[ondelete] ?? 'blocks',
      isIndexed: indexed,
    })),
  };
}
