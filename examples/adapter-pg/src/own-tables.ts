import {
  OWN_TABLE_NAMES,
  OWN_TABLES,
  type OwnColumn,
  type OwnColumns,
  type OwnTables,
  type RunTransaction,
} from '@jobsweep/core';
import type { PgTransaction } from './pg-transaction.js';

const TABLES = OWN_TABLE_NAMES.map((which) => `jobsweep_${which}`);

const TYPES = {
  text: 'varchar',
  longText: 'text',
  count: 'bigint',
  milliseconds: 'numeric',
  time: 'timestamptz',
  number: 'bigint generated always as identity',
} as const satisfies Readonly<Record<OwnColumn['type'], string>>;

const table = (name: string, columns: OwnColumns): string => {
  const each = Object.entries(columns).map(([column, { type, isNullable }]) => {
    return `  ${column} ${TYPES[type]}${isNullable === true ? '' : ' not null'},`;
  });
  return `create table if not exists ${name} (\n${each.join('\n')}\n  primary key (id)\n)`;
};

/** The tables that claims and history are in. */
export function ownTables(transaction: RunTransaction<PgTransaction>): OwnTables {
  const ddl = OWN_TABLE_NAMES.flatMap((which) => {
    const { columns, indexes } = OWN_TABLES[which];
    const on = `jobsweep_${which}`;
    const each = Object.entries<readonly string[]>(indexes);
    return [
      table(on, columns),
      ...each.map(([name, of]) => `create index if not exists ${on}_${name} on ${on} (${of.join(', ')})`),
    ];
  });
  const existing = async (session: PgTransaction) => {
    const names = 'select name from unnest($1::text[]) as name where to_regclass(name) is not null';
    return (await session.query<{ name: string }>(names, [TABLES])).map(({ name }) => name);
  };
  return {
    ddl,
    create: ({ signal } = {}) =>
      transaction(
        async (session) => {
          // `if not exists` does not look at what others are about to create, so one creates after the other.
          await session.query("select pg_advisory_xact_lock(hashtext('jobsweep own tables'))");
          const before = await existing(session);
          for (const statement of ddl) await session.query(statement);
          return TABLES.filter((name) => !before.includes(name));
        },
        { signal },
      ),
    state: ({ signal } = {}) =>
      transaction(
        async (session) => {
          const there = await existing(session);
          return TABLES.map((name) => ({ table: name, exists: there.includes(name), problem: null }));
        },
        { readOnly: true, signal },
      ),
  };
}
