import type { SqlSession } from '../library.js';
import type { TableName } from '../rows/tables.js';

/**
 * The columns of each key that is unique over all rows of the table: without a condition, and over columns alone. An index
 * that failed while it was made proves nothing.
 */
const UNIQUE_KEYS = `
  select c.relkind in ('r', 'p') as istable,
    (select coalesce(json_agg(k.names), '[]') from (
      select (
        select json_agg(a.attname)
        from unnest(i.indkey[0:i.indnkeyatts - 1]) as key (number)
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = key.number
      ) as names
      from pg_index as i
      where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    ) as k) as keys
  from pg_class as c where c.oid = to_regclass(?)`;

interface Row {
  readonly istable: boolean;
  readonly keys: string[][];
}

/** See `Dialect.uniqueKeys`. */
export async function uniqueKeys({ build, rows }: SqlSession, table: TableName): Promise<string[][] | undefined> {
  const [row] = await rows<Row>(build.select('*').from(build.raw(`(${UNIQUE_KEYS}) as t`, [regclass(table)])));
  return row?.istable === true ? row.keys : undefined;
}

/** A table as `to_regclass` takes it. */
export function regclass({ schema, table }: TableName): string {
  const names = schema === undefined ? [table] : [schema, table];
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}
