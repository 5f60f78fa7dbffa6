import type { ServerCatalog } from '../../catalog.js';
import { listed, sql } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';
import { kindOf, type ServerKind } from '../bounds.js';
import { mysqlTypes } from '../types.js';
import { explain } from './explain.js';
import { foreignKeys } from './foreign-keys.js';
import { indexStatement, makeIndex } from './indexes.js';
import { grants, missing } from './privileges.js';
import { snapshots } from './snapshots.js';
import { tableFacts } from './table.js';
import { writers } from './writers.js';

/**
 * What MySQL and MariaDB tell of themselves and their tables.
 *
 * @param kindNow which of them it is, once that was met.
 */
export const mysqlCatalog = (kindNow: () => ServerKind): ServerCatalog => ({
  hasPartialIndexes: false,
  maxNameBytes: 64,
  types: mysqlTypes,

  async server(session) {
    // The store's own transactions set the zone of their session, so this is that of a new one.
    const [row] = await session.run(
      sql`select version() as version, @@global.time_zone as zone, convert(@@system_time_zone using utf8mb4) as systemzone`,
    );
    const { version, zone, systemzone } = row ?? {};
    const timeZone = zone === 'SYSTEM' ? `SYSTEM (${systemzone})` : (zone ?? '');
    return { product: kindOf(version ?? ''), version: version ?? '', timeZone, isWritable: await isWritable(session) };
  },

  writers,
  table: (ask, ...of) => tableFacts(ask, kindNow, ...of),
  names: (schema) =>
    sql`select table_name as name from information_schema.tables where table_schema = coalesce(${schema ?? null}, database()) limit 1000`,
  tables: sql`
    select table_schema as tschema, table_name as name, 'true' as own, coalesce(table_rows, -1) as n
    from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE' order by 2 limit 1000`,
  columnsNamed: (schema, names) => sql`
    select c.table_name as tname, c.column_name as cname
    from information_schema.columns as c
    join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where t.table_type = 'BASE TABLE' and c.table_schema = coalesce(${schema ?? null}, database())
      and replace(lower(c.column_name), '_', '') in (${listed(names)})
    order by 1, 2 limit 1000`,
  indexStatement: async (_session, ...of) => indexStatement(...of),
  makeIndex: (session, index, { lockTimeoutSeconds }) => makeIndex(session, kindNow(), index, lockTimeoutSeconds),
  foreignKeys,
  snapshots,
  explain: (session, query) => explain(session, kindNow(), query),
  // MariaDB lets whoever may read a row lock it.
  get lockPrivileges() {
    return kindNow() === 'MySQL' ? (['UPDATE', 'DELETE'] as const) : [];
  },
  missing,
  grants,
});

/** What keeps a server from taking writes while it is on; not every server knows each. `tx_` is MariaDB's older name. */
const READ_ONLY = [
  'read_only',
  'super_read_only',
  'innodb_read_only',
  'offline_mode',
  'transaction_read_only',
  'tx_read_only',
];

/** Nor does a node of Galera that is not ready. What is shown here needs no privilege. */
async function isWritable({ run }: SqlSession): Promise<boolean> {
  const shown = await run(sql`show global variables where variable_name in (${listed([...READ_ONLY, 'wsrep_on'])})`);
  const isOn = (name: string) => shown.some(({ Variable_name, Value = '' }) => Variable_name === name && !isOff(Value));
  if (READ_ONLY.some(isOn)) return false;
  if (!isOn('wsrep_on')) return true;
  const [ready] = await run(sql`show global status like 'wsrep_ready'`);
  return ready?.Value === undefined || !isOff(ready.Value);
}

const isOff = (value: string | null): boolean => value === 'OFF' || value === '0';
