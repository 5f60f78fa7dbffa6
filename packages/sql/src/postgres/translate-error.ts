import { asError, type ErrorCode, isJobsweepError, JobsweepError } from '@jobsweep/core';

/** The parts of a `pg` DatabaseError, or of a socket error, that say what happened. */
interface DriverError extends Error {
  readonly code?: string;
  readonly constraint?: string;
}

interface Translation {
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly fix: string;
  /** Fewer rows may get through, whatever the code says. */
  readonly isDivisible?: true;
}

const unavailable = (fix: string): Translation => ({ code: 'SERVER_UNAVAILABLE', fix });

const CONNECTION_LOST: Translation = {
  code: 'CONNECTION_LOST',
  fix: 'Check that the database runs and is reachable; what was committed before stays',
};

const ROW_REJECTED: Translation = {
  code: 'ROW_REJECTED',
  fix: 'A constraint, trigger or column type refuses the row; see "poison rows" in docs/operations.md',
};

const SCHEMA_MISMATCH: Translation = {
  code: 'SCHEMA_MISMATCH',
  fix: 'Compare the `schema` option with the real tables',
};

const LOGIN_REFUSED: Translation = {
  code: 'PERMISSION_DENIED',
  fix: 'Check the user and the password of the connection, and pg_hba.conf',
};

const CONFLICT: Translation = { code: 'CONFLICT', fix: 'Another transaction was in the way; try again' };

const STATEMENT_TIMEOUT: Translation = {
  code: 'STATEMENT_TIMEOUT',
  fix: 'The server cancelled the statement; check the advised indexes, or raise statementTimeoutSeconds',
};

/** By SQLSTATE, or by its class where all of a class mean the same here. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  '40001': CONFLICT,
  '40P01': CONFLICT,
  '55P03': {
    code: 'LOCK_TIMEOUT',
    fix: 'Another transaction holds the lock for long; look for it in pg_stat_activity',
  },
  '57014': STATEMENT_TIMEOUT,
  '25P04': STATEMENT_TIMEOUT,
  '40003': { code: 'COMMIT_UNKNOWN', fix: 'The batch may be there or not; the next pass finds out' },
  '25006': unavailable(
    'It is a standby, or was set to read-only; connect to the server that takes writes, or wait until this one does',
  ),
  '53': unavailable('The server has not enough left to work; see what it lacks'),
  '53100': unavailable('The disk of the server is full; make room there'),
  '53200': { ...unavailable('The server ran out of memory; lower batchRows, or give it more'), isDivisible: true },
  '53300': unavailable('The server has no connection left; close others, or raise the limit that it names'),
  '57P03': unavailable('The server is starting up, or takes no connections for now; wait until it does'),
  '25P02': {
    code: 'DATABASE_ERROR',
    fix: 'A statement before it had failed, the work went on without it, and nothing was committed',
  },
  '28000': LOGIN_REFUSED,
  '28P01': LOGIN_REFUSED,
  '42501': { code: 'PERMISSION_DENIED', fix: 'Grant the missing privilege to the role that jobsweep connects as' },
  // A text that a number, uuid or enum column cannot hold: it comes from the mapping, not from the row.
  '22P02': SCHEMA_MISMATCH,
  '42P01': SCHEMA_MISMATCH,
  '42703': SCHEMA_MISMATCH,
  '42804': SCHEMA_MISMATCH,
  '42846': SCHEMA_MISMATCH,
  '42883': SCHEMA_MISMATCH,
  '3F000': SCHEMA_MISMATCH,
  '25P03': CONNECTION_LOST,
  '57P01': CONNECTION_LOST,
  '57P02': CONNECTION_LOST,
  '57P04': CONNECTION_LOST,
  '57P05': CONNECTION_LOST,
  '08': CONNECTION_LOST,
  '22': ROW_REJECTED,
  '23': ROW_REJECTED,
  '27': ROW_REJECTED,
  '44': ROW_REJECTED,
  P0: ROW_REJECTED,
};

const SQLSTATE = /^[0-9A-Z]{5}$/;

const SOCKET_ERRORS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** Texts of `pg` and knex for lost and unavailable connections, which carry no code. */
const CONNECTION_TEXTS =
  /connection (terminated|ended|error)|not queryable|timeout expired|timeout exceeded when trying to connect|timeout acquiring a connection/i;

/**
 * The one place where PostgreSQL's errors get jobsweep's codes.
 *
 * @param committing the error came out of COMMIT: a connection lost there leaves the outcome unknown.
 */
export function translatePostgresError(error: unknown, committing: boolean): JobsweepError {
  if (isJobsweepError(error)) return error;
  const cause = asError(error) as DriverError;
  const { code, fix, isDivisible } = translation(cause);
  if (committing && code === 'CONNECTION_LOST') {
    const message = 'The connection was lost while committing: the batch may be there or not. The next pass finds out.';
    return new JobsweepError('COMMIT_UNKNOWN', message, { cause });
  }
  return new JobsweepError(code, `${reason(cause)}. ${fix}.`, {
    cause,
    constraint: cause.constraint,
    isDivisible,
  });
}

/** Whether the server, the driver or the pool raised the error. */
export function isPostgresError(error: unknown): boolean {
  if (!(error instanceof Error) || isJobsweepError(error)) return false;
  return 'severity' in error || translation(error).code !== 'DATABASE_ERROR';
}

function translation({ code = '', message }: DriverError): Translation {
  const known = TRANSLATIONS[code] ?? (SQLSTATE.test(code) ? TRANSLATIONS[code.slice(0, 2)] : undefined);
  if (known !== undefined) return known;
  if (SOCKET_ERRORS.includes(code) || CONNECTION_TEXTS.test(message)) return CONNECTION_LOST;
  return { code: 'DATABASE_ERROR', fix: 'See `cause` for what the database said' };
}

/**
 * The database's own sentence. Knex puts the whole statement with its values and a dash before it: the first dash
 * outside of quotes and parentheses. An address that refuses connections leaves nothing but its code.
 */
function reason({ message, code = 'Error' }: DriverError): string {
  const dashes = [...message.matchAll(/ - /g)].map(({ index }) => index);
  const end = dashes.find((index) => isWhole(message.slice(0, index)));
  const sentence = end === undefined ? message : message.slice(end + 3);
  return (sentence === '' ? code : sentence).replace(/\.$/, '');
}

/** Whether every quote and parenthesis of a statement is closed. */
function isWhole(statement: string): boolean {
  const bare = statement.replace(/'[^']*'|"[^"]*"/g, '');
  return !/['"]/.test(bare) && bare.split('(').length === bare.split(')').length;
}
