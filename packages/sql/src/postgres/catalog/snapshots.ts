import { sql } from '../../driver/sql.js';

/**
 * See `ServerCatalog.snapshots`. A session that holds no snapshot at the moment keeps nothing, however long its transaction is
 * open. Of other users' sessions only members of pg_read_all_stats hear.
 */
export const snapshots = sql`
  select holder, seconds::bigint::text as seconds
  from (
    select concat_ws(' ', 'session', pid, usename, nullif(application_name, '')) as holder,
      extract(epoch from clock_timestamp() - xact_start) as seconds
    from pg_stat_activity
    where backend_xmin is not null and pid <> pg_backend_pid() and xact_start is not null
    union all
    select concat_ws(' ', 'prepared transaction', gid), extract(epoch from clock_timestamp() - prepared)
    from pg_prepared_xacts
    union all
    select concat_ws(' ', 'replication slot', slot_name), null from pg_replication_slots where xmin is not null and not active
  ) as holders
  order by seconds desc nulls first limit 5`;
