import type { IndexFacts, WantedIndex } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';
import { type FoundTable, findTable, literal, quotedNames, quotedTable } from './names.js';
import { readPredicate } from './predicate.js';

/**
 * The indexes of a table that can be used: one that failed while it was made cannot. A column that is an expression, or
 * sorted downwards, has no name here.
 */
const INDEXES = `
  select i.relname::text as iname, pg_get_expr(x.indpred, x.indrelid) as predicate,
    (select json_agg(case when x.indoption[k.place - 1] = 0 then a.attname end order by k.place)
     from generate_series(1, x.indnkeyatts) as k (place)
     left join pg_attribute as a on a.attrelid = x.indrelid and a.attnum = x.indkey[k.place - 1]) as names,
    x.indisvalid and x.indisready and m.amname = 'btree' as usable, x.indisvalid as valid
  from pg_index as x
  join pg_class as i on i.oid = x.indexrelid
  join pg_am as m on m.oid = i.relam
  where x.indrelid = ?::oid
  order by x.indisprimary desc, i.relname`;

interface IndexRow {
  readonly iname: string;
  readonly predicate: string | null;
  readonly names: readonly (string | null)[];
  readonly usable: boolean;
  readonly valid: boolean;
}

/** See `Catalog.index`. Partial, so that it is as short as the rows that may be due are few. */
export async function indexFacts(session: SqlSession, wanted: WantedIndex): Promise<IndexFacts> {
  const { name, table, only, order } = wanted;
  const found = await findTable(session, table);
  const existing = await indexesOf(session, found);
  const named = await quotedTable(session, table);
  const [index = name, state = '', ...columns] = await quotedNames(session, [name, only?.column ?? '', ...order]);
  // Texts without a type become values of the column's own type, whatever that is.
  const values = only?.values.map(literal) ?? [];
  const isOne = values.length === 1 ? `= ${values[0]}` : `IN (${values.join(', ')})`;
  const where = only === null ? '' : ` WHERE ${state} ${isOne}`;
  // A partitioned table takes no index beside its writers.
  const concurrently = found?.isPartitioned === true ? '' : 'CONCURRENTLY ';
  return {
    table: named,
    columns: order,
    statement: `CREATE INDEX ${concurrently}IF NOT EXISTS ${index} ON ${named} (${columns.join(', ')})${where}`,
    servedBy: existing.find((each) => serves(each, wanted))?.iname ?? null,
    isTaken: existing.some((each) => each.iname === name && each.valid && !serves(each, wanted)),
  };
}

/** See `Catalog.orders`. */
export async function indexOrders(session: SqlSession, table: TableName) {
  const existing = await indexesOf(session, await findTable(session, table));
  return (wanted: Pick<WantedIndex, 'only' | 'order'>): boolean => existing.some((each) => serves(each, wanted));
}

function indexesOf({ build, rows }: SqlSession, table: FoundTable | undefined): Promise<IndexRow[]> {
  return rows<IndexRow>(build.select('*').from(build.raw(`(${INDEXES}) as t`, [table?.oid ?? '0'])));
}

function serves({ usable, names, predicate }: IndexRow, { only, order }: Pick<WantedIndex, 'only' | 'order'>): boolean {
  if (!usable) return false;
  const begins = (columns: readonly string[]) => columns.every((column, place) => names[place] === column);
  if (predicate === null) {
    // Of all rows: as short a way to those of one state as a partial one, where the state comes first.
    if (only === null) return begins(order);
    return only.values.length === 1 && begins([only.column, ...order]);
  }
  const rows = readPredicate(predicate);
  if (only === null || rows === undefined || rows.column !== only.column || !begins(order)) return false;
  return rows.values.size === only.values.length && only.values.every((value) => rows.values.has(String(value)));
}
