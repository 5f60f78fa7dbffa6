import { createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { Act, Contender, Opening } from '../../contender.js';
import { contenderByHand, type Step, type Values } from '../steps.js';
import { fail } from './fail.js';
import { PROBES } from './probes.js';
import { purge } from './purge.js';
import { release } from './release.js';
import type { Sql } from './sql.js';
import { stale } from './stale.js';

/**
 * The protocol on `mysql2`, as lean as one can write it, for MySQL and MariaDB. Neither returns changed rows: where all were
 * changed the number tells, and what they are now is read.
 */
export async function mysqlByHand({ url, hasLogs }: Opening): Promise<Contender> {
  // Times as text keep their microseconds.
  const connection = await createConnection({ uri: url, rowsAsArray: true, dateStrings: true });
  await connection.query('set session transaction isolation level read committed');
  await connection.query("set time_zone = '+00:00', innodb_lock_wait_timeout = 5");
  const sql: Sql = {
    async rows(text, ...values) {
      const [rows] = await connection.query<RowDataPacket[]>(text, [...values]);
      return rows as unknown as Values[];
    },
    async changes(text, ...values) {
      const [{ affectedRows }] = await connection.query<ResultSetHeader>(text, [...values]);
      return affectedRows;
    },
  };
  const steps: Record<Act, Step> = {
    purge: purge(sql, hasLogs),
    release: release(sql),
    stale: stale(sql),
    fail: fail(sql),
  };
  return contenderByHand({
    steps,
    probes: PROBES,
    hasLogs,
    begin: () => connection.query('start transaction'),
    commit: () => connection.query('commit'),
    rows: sql.rows,
    close: () => connection.end(),
  });
}
