import { JANITOR } from '../judge.js';
import type { TableName } from '../rows.js';

/** What trials say differently to PostgreSQL and to MySQL or MariaDB. */
export interface Words {
  readonly time: string;
  readonly text: string;
  /** A moment before now. */
  readonly ago: (count: number, unit: 'minute' | 'hour' | 'day') => string;
  /** A whole row of a table as JSON. */
  readonly json: (table: TableName) => string;
  /** Statements that make the ledger and its triggers. */
  readonly ledger: () => readonly string[];
  /** Statements that make jobsweep's user. */
  readonly janitor: (password: string, database: string) => readonly string[];
  /** A time in milliseconds since 1970. */
  readonly millis: (column: string) => string;
}

const COLUMNS = {
  jobs: ['id', 'name', 'state', 'start_time', 'end_time', 'error_msg', 'exit_code', 'note'],
  resource_allocations: ['id', 'job_id', 'status', 'allocation_time', 'released_time'],
} as const;

const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];

export const POSTGRES: Words = {
  time: 'timestamptz',
  text: 'text',
  ago: (count, unit) => `clock_timestamp() - interval '${count} ${unit}'`,
  json: (table) => (table === 'jobs' ? 'to_jsonb(jobs)::text' : 'to_jsonb(resource_allocations)::text'),
  ledger: () => [
    `create table ledger (id bigserial primary key, at timestamptz not null default clock_timestamp(),
       who text not null, tbl text not null, was text, became text)`,
    // As its owner, so that the janitor needs no privilege on it.
    `create function keep() returns trigger language plpgsql security definer set timezone = 'UTC' as $$ begin
       insert into ledger (who, tbl, was, became) values (session_user, tg_table_name,
         case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
       return null;
     end $$`,
    ...NAMES.map(
      (table) =>
        `create trigger keep after insert or update or delete on ${table} for each row execute function keep()`,
    ),
  ],
  janitor: (password) => [
    `create role ${JANITOR} login password '${password}'`,
    `grant usage, create on schema public to ${JANITOR}`,
    `grant select, insert, update, delete on ${NAMES.join(', ')} to ${JANITOR}`,
  ],
  millis: (column) => `(extract(epoch from ${column}) * 1000)::float8`,
};

export const MYSQL: Words = {
  time: 'datetime(6)',
  text: 'varchar(1000) character set utf8mb4',
  ago: (count, unit) => `utc_timestamp(6) - interval ${count} ${unit}`,
  json: (table) => `convert(${rowOf(table === 'jobs' ? 'jobs' : 'resource_allocations')} using utf8mb4)`,
  ledger: () => [
    `create table ledger (id bigint auto_increment primary key, at datetime(6) not null,
       who varchar(100) not null, tbl varchar(100) not null, was longtext, became longtext) character set utf8mb4`,
    ...NAMES.flatMap((table) => [
      trigger(table, 'insert', 'null', rowOf(table, 'new')),
      trigger(table, 'update', rowOf(table, 'old'), rowOf(table, 'new')),
      trigger(table, 'delete', rowOf(table, 'old'), 'null'),
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

function rowOf(table: keyof typeof COLUMNS, side: string = table): string {
  return `json_object(${COLUMNS[table].map((name) => `'${name}', ${side}.${name}`).join(', ')})`;
}
