import { createConnection, type ResultSetHeader } from 'mysql2/promise';
import type { Plain } from './plain.js';

const REFUSALS: readonly unknown[] = [1216, 1217, 1451, 1452];
/** A deadlock; on TiDB also a lost race. */
const CONFLICTS: readonly unknown[] = [1213, 9007, 8002, 8022];

const TYPES = {
  number: 'bigint',
  bigint: 'bigint',
  text: 'varchar(255) character set utf8mb4',
  caseless: 'varchar(255) character set utf8mb4 collate utf8mb4_general_ci',
  boolean: 'boolean',
  // Without "null" the first timestamp of a table would be set by every update.
  instant: 'timestamp(6) null',
  utcDateTime: 'datetime(6)',
  epochSeconds: 'bigint',
  epochMillis: 'bigint',
  isoText: 'varchar(40)',
} as const;

export async function connectMysql(url: string): Promise<Plain> {
  const connection = await createConnection({ uri: url, rowsAsArray: false });
  connection.on('error', () => undefined);
  await connection.query("set time_zone = '+00:00'");
  // At the servers' own default an application locks the gaps between rows too, and the suite could not tell which
  // rows an operation holds.
  await connection.query('set session transaction isolation level read committed');
  const query: Plain['query'] = async (statement, values = []) => {
    const [rows] = await connection.query(statement, [...values]);
    return Array.isArray(rows) ? (rows as Record<string, string | null>[]) : [];
  };
  const change: Plain['change'] = async (statement, values = []) =>
    (await connection.query<ResultSetHeader>(statement, [...values]))[0].affectedRows;
  const version = (await query('select version() as version'))[0]?.version ?? '';
  const isMariadb = version.includes('MariaDB');
  const waits = isMariadb ? waitsInMariadb : version.includes('-TiDB-') ? waitsInTidb : waitsInMysql;
  return {
    query,
    change,
    quoted: (word) => `\`${word.replaceAll('`', '``')}\``,
    likeTable: (quoted) => `like ${quoted}`,
    timeText: (column) => `date_format(${column}, '%Y-%m-%dT%H:%i:%s.%fZ')`,
    timeValue: (iso) => iso.replace('T', ' ').replace('Z', ''),
    now: 'utc_timestamp(6)',
    isRefusal: (error) => REFUSALS.includes((error as { errno?: number }).errno),
    isConflict: (error) => CONFLICTS.includes((error as { errno?: number }).errno),
    types: { ...TYPES, uuid: isMariadb ? 'uuid' : 'char(36)' },
    isWaiting: (id) => waits(query, id),
    id: async () => (await query('select convert(connection_id() using utf8mb4) as id'))[0]?.id ?? '',
    close: () => connection.end(),
  };
}

// Neither asks innodb_trx: that table stays as it was for as long as someone keeps asking.

async function waitsInMysql(query: Plain['query'], id: string): Promise<boolean> {
  const waits = await query(
    `select 1 from performance_schema.data_lock_waits
     join performance_schema.threads on thread_id = requesting_thread_id where processlist_id = ?`,
    [id],
  );
  return waits.length > 0;
}

async function waitsInTidb(query: Plain['query'], id: string): Promise<boolean> {
  const waits = await query(
    "select 1 from information_schema.tidb_trx where session_id = ? and state = 'LockWaiting'",
    [id],
  );
  return waits.length > 0;
}

async function waitsInMariadb(query: Plain['query'], id: string): Promise<boolean> {
  const status = (await query('show engine innodb status'))[0]?.Status ?? '';
  const [, ...transactions] = status.split('---TRANSACTION');
  const transaction = transactions.find((text) => text.includes(` thread id ${id},`));
  return transaction?.includes('\nLOCK WAIT ') ?? false;
}
