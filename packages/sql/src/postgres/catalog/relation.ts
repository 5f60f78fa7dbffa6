import type { Relation } from '../../catalog.js';
import type { SqlSession } from '../../library.js';
import type { TableName } from '../../rows/tables.js';
import { regclass } from '../unique-keys.js';

/** Whether the server itself can pass an UPDATE on; 4 is its bit. A materialized view takes none. */
const RELATION = `
  select case
      when c.relkind not in ('v', 'm') then 'table'
      when c.relkind = 'v' and pg_relation_is_updatable(c.oid, true) & 4 = 4 then 'view'
      else 'readOnlyView'
    end as kind,
    (select json_agg(a.attname order by a.attnum) from pg_attribute as a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    row_security_active(c.oid) as hides,
    (select coalesce(json_agg(a.attname), '[]') from pg_attribute as a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> '') as generated
  from pg_class as c where c.oid = to_regclass(?)`;

const TABLES = `
  select c.relname::text as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'f') and n.nspname = any(
    case when ?::text is null then current_schemas(false) else array[?::name] end)
  limit 1000`;

/** See `Catalog.relation`. */
export async function relation({ build, rows }: SqlSession, table: TableName): Promise<Relation | undefined> {
  const query = build.select('*').from(build.raw(`(${RELATION}) as t`, [regclass(table)]));
  const [found] = await rows<Omit<Relation, 'hidesRows' | 'unsafeEngine'> & { readonly hides: boolean }>(query);
  if (found === undefined) return undefined;
  const { hides: hidesRows, ...rest } = found;
  return { ...rest, hidesRows, unsafeEngine: null };
}

/** See `Catalog.enumMembers`. */
export async function enumMembers({ build, rows }: SqlSession, table: TableName, column: string): Promise<string[]> {
  const query = build
    .select(build.raw('e.enumlabel::text as member'))
    .from(build.raw('pg_attribute as a join pg_enum as e on e.enumtypid = a.atttypid'))
    .whereRaw('a.attrelid = to_regclass(?) and a.attname = ?', [regclass(table), column])
    .orderByRaw('e.enumsortorder');
  return (await rows<{ member: string }>(query)).map(({ member }) => member);
}

/** See `Catalog.tableNames`. */
export async function tableNames({ build, rows }: SqlSession, schema: string | undefined): Promise<string[]> {
  const named = schema ?? null;
  const query = build.select('*').from(build.raw(`(${TABLES}) as t`, [named, named]));
  return (await rows<{ name: string }>(query)).map(({ name }) => name);
}
