import { type Plain, poll } from '@jobsweep/test-engines';

/** What a server has done since it began. */
export interface ServerCounts {
  /** Of WAL or redo. */
  readonly logBytes: number;
  readonly rowsRead: number;
}

/** Asks when no other connection is left in the database: PostgreSQL counts what one read when it ends. */
export const serverCounts = (sql: Plain, isMysql: boolean): Promise<ServerCounts> =>
  isMysql ? countsOfMysql(sql) : countsOfPostgres(sql);

const ENDED_WITHIN_MS = 10_000;

async function countsOfPostgres(sql: Plain): Promise<ServerCounts> {
  const isAlone = async () => {
    const others = await sql.query(`select 1 from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`);
    return others.length === 0 ? true : undefined;
  };
  if ((await poll(isAlone, { timeoutMs: ENDED_WITHIN_MS })) === undefined) throw new Error('A connection did not end');
  const [row] = await sql.query(`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as log,
    (select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables) as read`);
  return { logBytes: Number(row?.log), rowsRead: Number(row?.read) };
}

async function countsOfMysql(sql: Plain): Promise<ServerCounts> {
  const status = await sql.query(`show global status
    where variable_name = 'Innodb_os_log_written' or variable_name like 'Handler_read%'`);
  const values = status.map((row) => [row.Variable_name, Number(row.Value)] as const);
  const sum = (isMeant: (name: string) => boolean) =>
    values.reduce((total, [name, value]) => (isMeant(name ?? '') ? total + value : total), 0);
  return { logBytes: sum((name) => name.startsWith('Innodb')), rowsRead: sum((name) => name.startsWith('Handler')) };
}
