import { sql } from '../../driver/sql.js';

/**
 * See `ServerCatalog.snapshots`. At READ COMMITTED a transaction lets go of its view of the data after each statement. The
 * server tells this to users with the PROCESS privilege.
 */
export const snapshots = sql`
  select concat('session ', trx_mysql_thread_id) as holder, timestampdiff(second, trx_started, now()) as seconds
  from information_schema.innodb_trx
  where trx_isolation_level in ('REPEATABLE READ', 'SERIALIZABLE') and trx_mysql_thread_id <> connection_id()
  order by trx_started limit 5`;
