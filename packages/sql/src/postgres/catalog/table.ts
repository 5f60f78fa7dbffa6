import type { ColumnFacts, IndexFacts, TableFacts } from '@jobsweep/core';
import type { TableName } from '../../catalog.js';
import { sql } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { findTable, quotedTable } from './names.js';
import { readPredicate } from './predicate.js';

/** What the server's catalog says of a table, as JSON. */
interface Found {
  readonly kind: string;
  readonly isWritable: boolean;
  readonly hidesRows: boolean;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly isGenerated: boolean;
    readonly members: readonly string[] | null;
    readonly equates: string | null;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly predicate: string | null;
    readonly isOrder: boolean;
    readonly columns: readonly (string | null)[];
    readonly unique: readonly string[] | null;
  }[];
}

/** See `Catalog.table`. The catalog shows tables that the user may not read, too. */
export async function tableFacts(session: SqlSession, table: TableName): Promise<TableFacts | undefined> {
  const place = await findTable(session, table);
  if (place === undefined) return undefined;
  const [row] = await session.run(factsOf(place.oid));
  const { kind, isWritable, hidesRows, columns, indexes } = JSON.parse(row?.facts ?? '{}') as Found;
  const described = columns.map(({ name, members, equates, ...column }): [string, ColumnFacts] => [
    name,
    { ...column, members: members ?? undefined, equates: equates ?? undefined },
  ]);
  return {
    name: await quotedTable(session, table),
    isView: !['r', 'p'].includes(kind),
    unwritable: isWritable ? undefined : 'read-only view',
    columns: new Map(described),
    indexes: indexes.map(indexFacts),
    hidesRows,
  };
}

function indexFacts({ name, predicate, isOrder, columns, unique }: Found['indexes'][number]): IndexFacts {
  return {
    ...{ name, columns: isOrder ? columns : [], unique: unique ?? undefined },
    ...(predicate !== null && { only: readPredicate(predicate) ?? null }),
  };
}

/**
 * Whether the server itself can pass an UPDATE on to what is behind a view: 4 is its bit. An index that failed while it was
 * made is none. Collations that are not deterministic came with PostgreSQL 12. A column of an index that is an expression, or sorted downwards, has no name; a key is unique over columns
 * alone, and over all rows.
 */
const factsOf = (oid: string) => sql`
  select json_build_object(
    'kind', c.relkind,
    'isWritable', c.relkind not in ('v', 'm') or c.relkind = 'v' and pg_relation_is_updatable(c.oid, true) & 4 = 4,
    'hidesRows', row_security_active(c.oid),
    'columns', (
      select json_agg(json_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, null), 'isGenerated', a.attgenerated <> '', 'members', (
          select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum as e where e.enumtypid = a.atttypid),
        'equates', case when format_type(a.atttypid, null) in ('citext', 'character') then format_type(a.atttypid, null)
          else (select o.collname from pg_collation as o
            where o.oid = a.attcollation and to_json(o)->>'collisdeterministic' = 'false') end
      ) order by a.attnum)
      from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    'indexes', (
      select coalesce(json_agg(json_build_object(
        'name', i.relname, 'predicate', pg_get_expr(x.indpred, x.indrelid),
        'isOrder', x.indisready and m.amname = 'btree',
        'columns', (
          select json_agg(case when x.indoption[k.place - 1] = 0 then a.attname end order by k.place)
          from generate_series(1, x.indnkeyatts) as k (place)
          left join pg_attribute as a on a.attrelid = x.indrelid and a.attnum = x.indkey[k.place - 1]),
        'unique', case when x.indisunique and x.indpred is null and x.indexprs is null then (
          select json_agg(a.attname) from unnest(x.indkey[0:x.indnkeyatts - 1]) as k (number)
          join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.number) end
      ) order by x.indisprimary desc, i.relname), '[]')
      from pg_index as x join pg_class as i on i.oid = x.indexrelid join pg_am as m on m.oid = i.relam
      where x.indrelid = c.oid and x.indisvalid)
  )::text as facts
  from pg_class as c where c.oid = ${oid}::oid`;
