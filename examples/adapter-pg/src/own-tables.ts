import {
  CLAIM_COLUMNS,
  HISTORY_COLUMNS,
  HISTORY_INDEXES,
  type OwnColumn,
  type OwnColumns,
  type OwnTables,
  type RunTransaction,
} from '@jobsweep/core';
import type { PgTransaction } from './pg-transaction.js';

const TABLES = ['jobsweep_claims', 'jobsweep_history'] as const;

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
  const ddl = [
    table(TABLES[0], CLAIM_COLUMNS),
    table(TABLES[1], HISTORY_COLUMNS),
    ...Object.entries(HISTORY_INDEXES).map(
      ([name, columns]) => `create index if not exists ${TABLES[1]}_${name} on ${TABLES[1]} (${columns.join(', ')})`,
    ),
  ];
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
