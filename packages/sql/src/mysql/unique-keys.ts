import type { SqlSession } from '../library.js';
import type { TableName } from '../rows/tables.js';

/** A key over an expression has no column name there. */
const KEY_COLUMNS = `
  select t.table_type = 'BASE TABLE' as istable, s.index_name as kname, s.column_name as kcolumn
  from information_schema.tables as t
  left join information_schema.statistics as s
    on s.table_schema = t.table_schema and s.table_name = t.table_name and s.non_unique = 0
  where t.table_schema = coalesce(?, database()) and t.table_name = ?`;

interface Row {
  readonly istable: number | string;
  readonly kname: string | null;
  readonly kcolumn: string | null;
}

/** See `Dialect.uniqueKeys`. */
export async function uniqueKeys(
  { build, rows }: SqlSession,
  { schema, table }: TableName,
): Promise<string[][] | undefined> {
  const query = build.select('*').from(build.raw(`(${KEY_COLUMNS}) as k`, [schema ?? null, table]));
  const columns = await rows<Row>(query);
  if (!columns.some(({ istable }) => Number(istable) === 1)) return undefined;
  const byKey = new Map<string, (string | null)[]>();
  for (const { kname, kcolumn } of columns) {
    if (kname !== null) byKey.set(kname, [...(byKey.get(kname) ?? []), kcolumn]);
  }
  return [...byKey.values()].filter((names): names is string[] => !names.includes(null));
}
