import { type ErrorCode, isJobsweepError, JobsweepError } from '@jobsweep/core';

type Meaning = readonly [code: ErrorCode, fix: string, sqlstates: readonly string[]];

const CONNECTION_LOST: Meaning = [
  'CONNECTION_LOST',
  'Check that the database runs and is reachable',
  ['08', '25P03', '57'],
];

/** What SQLSTATEs mean here, or their first two letters where all that begin with these mean the same. */
const MEANINGS: readonly Meaning[] = [
  CONNECTION_LOST,
  ['CONFLICT', 'Another transaction was in the way; try again', ['40001', '40P01']],
  ['LOCK_TIMEOUT', 'Another transaction holds the lock for long', ['55P03']],
  ['COMMIT_UNKNOWN', 'The batch may be there or not; the next pass finds out', ['40003']],
  ['STATEMENT_TIMEOUT', 'Make the indexes of the README, or raise statementTimeoutSeconds', ['25P04', '57014']],
  // A read-only server; no disk, no connections or no memory left; still starting up.
  ['SERVER_UNAVAILABLE', 'Wait until the server can do it, and see what it lacks', ['25006', '53', '57P03']],
  ['PERMISSION_DENIED', 'Grant the missing privilege', ['42501']],
  ['SCHEMA_MISMATCH', 'Compare the tables with those of the README', ['22P02', '3F', '42']],
  ['ROW_REJECTED', 'A constraint, trigger or column type refuses the row', ['22', '23', '27', '44', 'P0']],
];
const OTHER: Meaning = ['DATABASE_ERROR', 'See `cause` for what the database said', []];

/** Fewer rows may get through. */
const OUT_OF_MEMORY = '53200';

/** RowTexts and codes of `pg`, its pool and the socket: these errors carry no SQLSTATE. */
const NO_CONNECTION = /connection (terminated|ended|error)|not queryable|timeout exceeded when trying to connect/i;
const SOCKET_ERRORS = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'];

/** The error of `pg` in jobsweep's words; what is none of the database's comes back as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || isJobsweepError(error)) return error;
  const { code: sqlstate = '', constraint } = error as Error & { code?: string; constraint?: string };
  const meaning = meaningOf(sqlstate, error);
  if (meaning === undefined) return error;
  const [code, fix] = meaning;
  const isDivisible = sqlstate === OUT_OF_MEMORY || undefined;
  return new JobsweepError(code, `${error.message || sqlstate}. ${fix}.`, { cause: error, constraint, isDivisible });
}

function meaningOf(sqlstate: string, error: Error): Meaning | undefined {
  if (SOCKET_ERRORS.includes(sqlstate) || NO_CONNECTION.test(error.message)) return CONNECTION_LOST;
  // Only what the server says has a severity.
  if (!('severity' in error)) return undefined;
  const means = (letters: string) => MEANINGS.find(([, , sqlstates]) => sqlstates.includes(letters));
  return means(sqlstate) ?? means(sqlstate.slice(0, 2)) ?? OTHER;
}
