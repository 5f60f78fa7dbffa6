import { isJobsweepError, JobsweepError, type TransactionOptions } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import type { SqlSession } from '../library.js';
import type { Sessions } from '../sessions.js';
import type { RunSettings, Transactions } from '../transactions.js';
import { nameOf, type OwnNames } from './names.js';

/** What claims, journal and own tables share. */
export interface ServiceContext<Session extends object> {
  readonly dialect: Dialect;
  readonly sessions: Sessions<Session>;
  readonly transactions: Transactions<Session>;
  readonly names: OwnNames;
}

/** Runs work on jobsweep's own tables in a transaction. Throws `NOT_INITIALIZED` where they are not as they should be. */
export async function onOwnTables<Session extends object, Result>(
  { names, sessions, transactions }: ServiceContext<Session>,
  work: (session: SqlSession) => Promise<Result>,
  options: TransactionOptions,
  settings?: RunSettings,
): Promise<Result> {
  try {
    return await transactions.run((session) => work(sessions.open(session)), options, settings);
  } catch (error) {
    throw notInitialized(error, names);
  }
}

/** What to do where a statement on jobsweep's own tables found no such table or column; any other error as it is. */
export function notInitialized(error: unknown, { claims, history }: OwnNames): unknown {
  if (!isJobsweepError(error, 'SCHEMA_MISMATCH')) return error;
  const [said] = error.message.split('. ');
  const message =
    `${said}. jobsweep's own tables, ${nameOf(claims)} and ${nameOf(history)}, are missing or differ from what this ` +
    'version makes. Run `jobsweep init`, call store.ownTables.create(), or see what store.ownTables.state() says.';
  return new JobsweepError('NOT_INITIALIZED', message, { cause: error.cause });
}
