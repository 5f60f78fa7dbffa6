import type { Relation } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';

const RELATION = `
  select c.column_name as cname, lower(c.extra) as extra, t.table_type as ttype, v.is_updatable as updatable,
    t.engine as engine, e.transactions as transactions
  from information_schema.columns as c
  join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
  left join information_schema.engines as e on e.engine = t.engine
  left join information_schema.views as v on v.table_schema = c.table_schema and v.table_name = c.table_name
  where c.table_schema = coalesce(?, database()) and c.table_name = ? order by c.ordinal_position`;

const TABLES =
  'select table_name as tname from information_schema.tables where table_schema = coalesce(?, database()) limit 1000';

interface ColumnRow {
  readonly cname: string;
  readonly extra: string;
  readonly ttype: string;
  readonly updatable: string | null;
  /** Of a view there is none. */
  readonly engine: string | null;
  readonly transactions: string | null;
}

/** See `Catalog.relation`. */
export async function relation(
  { build, rows }: SqlSession,
  { schema, table }: TableName,
): Promise<Relation | undefined> {
  const query = build.select('*').from(build.raw(`(${RELATION}) as t`, [schema ?? null, table]));
  const columns = await rows<ColumnRow>(query);
  const [first] = columns;
  if (first === undefined) return undefined;
  const isView = first.ttype.includes('VIEW');
  return {
    kind: !isView ? 'table' : first.updatable === 'YES' ? 'view' : 'readOnlyView',
    columns: columns.map(({ cname }) => cname),
    // A default that is an expression is DEFAULT_GENERATED, and no value of other columns.
    generated: columns
      .filter(({ extra }) => /\b(virtual|stored|persistent) generated\b/.test(extra))
      .map(({ cname }) => cname),
    hidesRows: false,
    unsafeEngine: first.engine !== null && first.transactions !== 'YES' ? first.engine : null,
  };
}

/** See `Catalog.enumMembers`. */
export async function enumMembers(
  { build, rows }: SqlSession,
  { schema, table }: TableName,
  column: string,
): Promise<string[]> {
  const query = build
    .select(build.raw('convert(c.column_type using utf8mb4) as ctype'))
    .from(build.raw('information_schema.columns as c'))
    .whereRaw('c.table_schema = coalesce(?, database()) and c.table_name = ?', [schema ?? null, table])
    .whereRaw("c.column_name = ? and c.data_type = 'enum'", [column]);
  const [type] = await rows<{ ctype: string }>(query);
  const members = [...(type?.ctype ?? '').matchAll(/'((?:[^']|'')*)'/g)];
  return members.map(([, member = '']) => member.replaceAll("''", "'"));
}

/** See `Catalog.tableNames`. */
export async function tableNames({ build, rows }: SqlSession, schema: string | undefined): Promise<string[]> {
  const query = build.select('*').from(build.raw(`(${TABLES}) as t`, [schema ?? null]));
  return (await rows<{ tname: string }>(query)).map(({ tname }) => tname);
}
