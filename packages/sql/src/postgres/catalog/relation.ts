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
  return (await rows<Relation>(build.select('*').from(build.raw(`(${RELATION}) as t`, [regclass(table)]))))[0];
}

/** See `Catalog.tableNames`. */
export async function tableNames({ build, rows }: SqlSession, schema: string | undefined): Promise<string[]> {
  const named = schema ?? null;
  const query = build.select('*').from(build.raw(`(${TABLES}) as t`, [named, named]));
  return (await rows<{ name: string }>(query)).map(({ name }) => name);
}
