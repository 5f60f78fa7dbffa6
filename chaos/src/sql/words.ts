import { JANITOR } from '../judge.js';

/** What trials say differently to PostgreSQL and to MySQL or MariaDB. */
export interface Words {
  readonly time: string;
  readonly text: string;
  /** A moment before now. */
  ago(count: number, unit: 'minute' | 'hour' | 'day'): string;
  /** Statements that make the ledger and its triggers. */
  readonly ledger: readonly string[];
  /** Statements that make jobsweep's user. */
  janitor(password: string, database: string): readonly string[];
  /** A time in milliseconds since 1970. */
  millis(column: string): string;
}

const COLUMNS = {
  jobs: ['id', 'name', 'state', 'start_time', 'end_time', 'error_msg', 'exit_code', 'note'],
  resource_allocations: ['id', 'job_id', 'status', 'allocation_time', 'released_time'],
} as const;

export const POSTGRES: Words = {
  time: 'timestamptz',
  text: 'text',
  ago: (count, unit) => `clock_timestamp() - interval '${count} ${unit}'`,
  ledger: [
    `create table ledger (id bigserial primary key, at timestamptz not null default clock_timestamp(),
       who text not null, tbl text not null, was text, became text)`,
    // As its owner, so that the janitor needs no privilege on it.
    `create function keep() returns trigger language plpgsql security definer set timezone = 'UTC' as $$ begin
       insert into ledger (who, tbl, was, became) values (session_user, tg_table_name,
         case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
       return null;
     end $$`,
    ...Object.keys(COLUMNS).map(
      (table) =>
        `create trigger keep after insert or update or delete on ${table} for each row execute function keep()`,
    ),
  ],
  janitor: (password) => [
    `create role ${JANITOR} login password '${password}'`,
    `grant usage, create on schema public to ${JANITOR}`,
    `grant select, insert, update, delete on ${Object.keys(COLUMNS).join(', ')} to ${JANITOR}`,
  ],
  millis: (column) => `(extract(epoch from ${column}) * 1000)::float8`,
};

export const MYSQL: Words = {
  time: 'datetime(6)',
  text: 'varchar(1000) character set utf8mb4',
  ago: (count, unit) => `utc_timestamp(6) - interval ${count} ${unit}`,
  ledger: [
    `create table ledger (id bigint auto_increment primary key, at datetime(6) not null,
       who varchar(100) not null, tbl varchar(100) not null, was longtext, became longtext) character set utf8mb4`,
    ...Object.entries(COLUMNS).flatMap(([table, columns]) => [
      trigger(table, 'insert', 'null', rowOf('new', columns)),
      trigger(table, 'update', rowOf('old', columns), rowOf('new', columns)),
      trigger(table, 'delete', rowOf('old', columns), 'null'),
    ]),
  ],
  janitor: (password, database) => [
    `create user ${JANITOR}@'%' identified by '${password}'`,
    `grant all on ${database}.* to ${JANITOR}@'%'`,
  ],
  millis: (column) => `cast(timestampdiff(microsecond, '1970-01-01', ${column}) / 1000 as double)`,
};

function trigger(table: string, event: string, was: string, became: string): string {
  return `create trigger ${table}_${event} after ${event} on ${table} for each row
    insert into ledger (at, who, tbl, was, became)
    values (utc_timestamp(6), substring_index(user(), '@', 1), '${table}', ${was}, ${became})`;
}

function rowOf(side: 'old' | 'new', columns: readonly string[]): string {
  return `json_object(${columns.map((name) => `'${name}', ${side}.${name}`).join(', ')})`;
}
