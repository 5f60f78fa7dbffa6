import { type ErrorCode, isJobsweepError, JobsweepError } from '@jobsweep/core';

interface Translation {
  readonly code: ErrorCode;
  readonly fix: string;
  /** Fewer rows may get through, whatever the code says. */
  readonly isDivisible?: true;
}

const CONFLICT: Translation = { code: 'CONFLICT', fix: 'Another transaction was in the way; try again' };
const CONNECTION_LOST: Translation = { code: 'CONNECTION_LOST', fix: 'Check that the database runs and is reachable' };
const STATEMENT_TIMEOUT: Translation = {
  code: 'STATEMENT_TIMEOUT',
  fix: 'Make the indexes of the README, or raise statementTimeoutSeconds',
};
const UNAVAILABLE: Translation = {
  code: 'SERVER_UNAVAILABLE',
  fix: 'The server cannot do it now: wait until it can, and see what it lacks',
};
const ROW_REJECTED: Translation = { code: 'ROW_REJECTED', fix: 'A constraint, trigger or column type refuses the row' };
const SCHEMA_MISMATCH: Translation = { code: 'SCHEMA_MISMATCH', fix: 'Compare the tables with those of the README' };

/** By SQLSTATE, or by its class where all of a class mean the same here. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  '40001': CONFLICT,
  '40P01': CONFLICT,
  '55P03': { code: 'LOCK_TIMEOUT', fix: 'Another transaction holds the lock for long' },
  '40003': { code: 'COMMIT_UNKNOWN', fix: 'The batch may be there or not; the next pass finds out' },
  '57014': STATEMENT_TIMEOUT,
  '25P04': STATEMENT_TIMEOUT,
  // A read-only server; class 53: no disk, no connections, no memory; still starting up.
  '25006': UNAVAILABLE,
  '53': UNAVAILABLE,
  '53200': { ...UNAVAILABLE, isDivisible: true },
  '57P03': UNAVAILABLE,
  '42501': { code: 'PERMISSION_DENIED', fix: 'Grant the missing privilege' },
  '22P02': SCHEMA_MISMATCH,
  '25P03': CONNECTION_LOST,
  '08': CONNECTION_LOST,
  '22': ROW_REJECTED,
  '23': ROW_REJECTED,
  '27': ROW_REJECTED,
  '3F': SCHEMA_MISMATCH,
  '42': SCHEMA_MISMATCH,
  '44': ROW_REJECTED,
  '57': CONNECTION_LOST,
  P0: ROW_REJECTED,
};

/** Texts and codes of `pg`, its pool and the socket: these errors carry no SQLSTATE. */
const NO_CONNECTION = /connection (terminated|ended|error)|not queryable|timeout exceeded when trying to connect/i;
const SOCKET_ERRORS = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'];

/**
 * The error of `pg` in jobsweep's words; what is none of the database's comes back as it is.
 *
 * @param committing the error came out of COMMIT: a connection lost there leaves the outcome unknown.
 */
export function translateError(error: unknown, committing = false): unknown {
  if (committing && isJobsweepError(error, 'CONNECTION_LOST')) return commitUnknown(error);
  if (!(error instanceof Error) || isJobsweepError(error)) return error;
  const { code = '', constraint } = error as Error & { code?: string; constraint?: string };
  const translation = translationOf(code, error);
  if (translation === undefined) return error;
  if (committing && translation === CONNECTION_LOST) return commitUnknown(error);
  const reason = error.message === '' ? code : error.message;
  const { fix, isDivisible } = translation;
  return new JobsweepError(translation.code, `${reason}. ${fix}.`, { cause: error, constraint, isDivisible });
}

function commitUnknown(cause: Error): JobsweepError {
  const message = 'The connection was lost while committing: the batch may be there or not. The next pass finds out.';
  return new JobsweepError('COMMIT_UNKNOWN', message, { cause });
}

function translationOf(code: string, error: Error): Translation | undefined {
  if (SOCKET_ERRORS.includes(code) || NO_CONNECTION.test(error.message)) return CONNECTION_LOST;
  // Only what the server says has a severity.
  if (!('severity' in error)) return undefined;
  const other: Translation = { code: 'DATABASE_ERROR', fix: 'See `cause` for what the database said' };
  return TRANSLATIONS[code] ?? TRANSLATIONS[code.slice(0, 2)] ?? other;
}
