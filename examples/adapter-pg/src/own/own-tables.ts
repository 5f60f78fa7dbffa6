import { type CleanupStore, isJobsweepError, JobsweepError, type OwnTables } from '@jobsweep/core';
import type { PgTransaction } from '../pg-transaction.js';

/** `store.transaction`. */
export type Run = CleanupStore<PgTransaction>['transaction'];

const TABLES = ['jobsweep_claims', 'jobsweep_history'] as const;

const DDL = [
  `create table if not exists jobsweep_claims (
  config text, strategy text, holder text, term bigint not null default 0,
  started_at timestamptz, ended_at timestamptz, expires_at timestamptz, empty_passes bigint not null default 0,
  progress json, progress_at timestamptz, primary key (config, strategy)
)`,
  `create table if not exists jobsweep_history (
  id bigint generated always as identity primary key,
  config text not null, strategy text not null, started_at timestamptz not null, entry json not null
)`,
];

/** The tables that claims and history are in. */
export function ownTables(transaction: Run): OwnTables {
  const existing = async (session: PgTransaction) => {
    const names = 'select name from unnest($1::text[]) as name where to_regclass(name) is not null';
    return (await session.query<{ name: string }>(names, [TABLES])).map(({ name }) => name);
  };
  return {
    ddl: DDL,
    create: ({ signal } = {}) =>
      transaction(
        async (session) => {
          // `if not exists` does not look at what others are about to create, so one creates after the other.
          await session.query("select pg_advisory_xact_lock(hashtext('jobsweep own tables'))");
          const before = await existing(session);
          for (const statement of DDL) await session.query(statement);
          return TABLES.filter((table) => !before.includes(table));
        },
        { signal },
      ),
    state: ({ signal } = {}) =>
      transaction(
        async (session) => {
          const there = await existing(session);
          return TABLES.map((table) => ({ table, exists: there.includes(table), problem: null }));
        },
        { readOnly: true, signal },
      ),
  };
}

/** The result of statements on these tables, or `NOT_INITIALIZED` where there are none. */
export async function initialized<Result>(result: Promise<Result>): Promise<Result> {
  return result.catch((error: unknown) => {
    if (!isJobsweepError(error, 'SCHEMA_MISMATCH')) throw error;
    const message = 'The tables of jobsweep are missing. Make them with store.ownTables.create().';
    throw new JobsweepError('NOT_INITIALIZED', message, { cause: error });
  });
}
