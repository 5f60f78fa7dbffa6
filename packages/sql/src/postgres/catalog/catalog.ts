import type { ServerCatalog } from '../../catalog.js';
import { listed, sql } from '../../driver/sql.js';
import { postgresTypes } from '../types.js';
import { explain } from './explain.js';
import { foreignKeys } from './foreign-keys.js';
import { indexStatement } from './indexes.js';
import { makeIndex } from './make-index.js';
import { dropping, partitionsOf } from './partitions.js';
import { grants, missing } from './privileges.js';
import { snapshots } from './snapshots.js';
import { tableFacts } from './table.js';

/** What PostgreSQL tells of itself and its tables. */
export const postgresCatalog: ServerCatalog = {
  hasPartialIndexes: true,
  maxNameBytes: 63,
  types: postgresTypes,

  async server({ run }) {
    const [row] = await run(sql`
      select split_part(version(), ' ', 1) as product, current_setting('server_version') as version,
        current_setting('TimeZone') as zone,
        (not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off')::text as writable`);
    const { product, version, zone, writable } = row ?? {};
    return { product: product ?? '', version: version ?? '', timeZone: zone ?? '', isWritable: writable === 'true' };
  },

  writers: async () => undefined,
  table: (ask, table) => ask((session) => tableFacts(session, table)),
  names: (schema) => sql`
    select c.relname::text as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'f') and n.nspname = any(
      case when ${schema ?? null}::text is null then current_schemas(false) else array[${schema ?? null}::name] end)
    limit 1000`,
  tables: sql`
    select n.nspname::text as tschema, c.relname::text as name, pg_table_is_visible(c.oid)::text as own,
      c.reltuples::bigint::text as n
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by pg_table_is_visible(c.oid) desc, 1, 2 limit 1000`,
  columnsNamed: (schema, names) => sql`
    select c.relname::text as tname, a.attname::text as cname
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
      and n.nspname = coalesce(${schema ?? null}::text, current_schema())
      and replace(lower(a.attname), '_', '') in (${listed(names)})
    order by 1, 2 limit 1000`,
  indexStatement,
  makeIndex: (session, index, { signal }) => makeIndex(session, index, signal),
  foreignKeys,
  snapshots,
  explain,
  partitions: { of: partitionsOf, dropping },
  lockPrivileges: ['UPDATE'],
  missing,
  grants,
};
