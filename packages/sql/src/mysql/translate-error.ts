import { asError, type ErrorCode, isJobsweepError, JobsweepError } from '@jobsweep/core';

/** The parts of a `mysql2` error, of a socket error or of a library's timeout that say what happened. */
interface DriverError extends Error {
  readonly errno?: number;
  readonly code?: string;
  readonly sqlMessage?: string;
}

interface Translation {
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly fix: string;
  /** Fewer rows may get through, whatever the code says. */
  readonly isDivisible?: true;
}

const unavailable = (fix: string): Translation => ({ code: 'SERVER_UNAVAILABLE', fix });

const CONFLICT: Translation = { code: 'CONFLICT', fix: 'Another transaction was in the way; try again' };

const LOCK_TIMEOUT: Translation = {
  code: 'LOCK_TIMEOUT',
  fix: 'Another transaction holds the lock for long; look for it with SHOW ENGINE INNODB STATUS',
};

const STATEMENT_TIMEOUT: Translation = {
  code: 'STATEMENT_TIMEOUT',
  fix: 'The statement was cancelled; check the advised indexes, or raise statementTimeoutSeconds',
};

const PERMISSION_DENIED: Translation = {
  code: 'PERMISSION_DENIED',
  fix: 'Grant the missing privilege to the user that jobsweep connects as',
};

const LOGIN_REFUSED: Translation = {
  code: 'PERMISSION_DENIED',
  fix: 'Check the user, the password and the host that the user may come from',
};

const NO_DATABASE: Translation = {
  code: 'SCHEMA_MISMATCH',
  fix: 'Check the name of the database in the connection, and in `schema` where that names one',
};

const SCHEMA_MISMATCH: Translation = {
  code: 'SCHEMA_MISMATCH',
  fix: 'Compare the `schema` option with the real tables',
};

const ROW_REJECTED: Translation = {
  code: 'ROW_REJECTED',
  fix: 'A constraint, trigger or column type refuses the row; see "poison rows" in docs/operations.md',
};

const CONNECTION_LOST: Translation = {
  code: 'CONNECTION_LOST',
  fix: 'Check that the database runs and is reachable; what was committed before stays',
};

const READ_ONLY = unavailable('The server takes no writes; connect to the one that does, or wait until this one does');

const DISK_FULL = unavailable('The disk of the server, or a limit of the table, is full; make room there');

const NO_ROOM: Translation = {
  ...unavailable('The server ran out of memory, or of room for locks; lower batchRows, or give it more'),
  isDivisible: true,
};

const NO_CONNECTION_LEFT = unavailable(
  'The server has no connection left for this user; close others, or raise the limit',
);

const NOT_IN_CLUSTER = unavailable(
  'The node is not a working part of its cluster; wait until it is, or connect to another one',
);

/** By the number of the server's error. */
const TRANSLATIONS: readonly (readonly [Translation, readonly number[]])[] = [
  // Deadlock; a row that changed since the snapshot, where MariaDB is told to check that; lost against another node.
  [CONFLICT, [1213, 1020, 3101]],
  // TiDB: lost against another transaction, or the table was changed meanwhile.
  [CONFLICT, [8002, 8022, 8028, 9007]],
  [LOCK_TIMEOUT, [1205, 3572]],
  // Ended by max_execution_time, by max_statement_time, by KILL QUERY.
  [STATEMENT_TIMEOUT, [3024, 1969, 1317]],
  [LOGIN_REFUSED, [1045]],
  [PERMISSION_DENIED, [1044, 1142, 1143, 1227]],
  // No such database, or none chosen.
  [NO_DATABASE, [1049, 1046]],
  // No such table or column; a state that an ENUM does not have, or text that a number column cannot hold.
  [SCHEMA_MISMATCH, [1146, 1054, 1265, 1366]],
  // Foreign keys, checks, triggers (SIGNAL), NULL, too long, no default, out of range, duplicates, incorrect values.
  [ROW_REJECTED, [1451, 1452, 1216, 1217, 3819, 4025, 1644, 1048, 1406, 1364, 1264, 1062, 1292, 1690]],
  // --read-only, a read-only mode of the server, of InnoDB.
  [READ_ONLY, [1290, 1836, 1874]],
  [DISK_FULL, [1021, 1114]],
  // Memory, memory to sort, resources, the table of locks.
  [NO_ROOM, [1037, 1038, 1041, 1206]],
  // Of the server, of the user, of an account's limits; no thread for another one.
  [NO_CONNECTION_LEFT, [1040, 1203, 1226, 1135]],
  // Galera; Group Replication.
  [NOT_IN_CLUSTER, [1047, 3100]],
  [unavailable('The server is in offline mode; wait until it is not'), [3032]],
  // TiDB: the clock, the storage or a region of it does not answer, or has too much to do.
  [
    unavailable("A part of the server's cluster does not answer now; wait until it does"),
    [9001, 9002, 9003, 9004, 9005],
  ],
  [CONNECTION_LOST, [1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031]],
];

const BY_NUMBER = new Map(TRANSLATIONS.flatMap(([translation, numbers]) => numbers.map((each) => [each, translation])));

/** Numbers that say only where the error came from: the rest is in the server's sentence. */
const BY_SENTENCE: readonly (readonly [number: number, sentence: RegExp, translation: Translation])[] = [
  [1180, /\berror 149\b/i, CONFLICT],
  [1180, /provider status/i, NOT_IN_CLUSTER],
  [1180, /\berror (28|122)\b/i, DISK_FULL],
  [1030, /\berror (28|122)\b/i, DISK_FULL],
];

const SOCKET_ERRORS = [
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** Texts of `mysql2` and knex for lost and unavailable connections. */
const CONNECTION_TEXTS = /closed state|connection (lost|is closed)|timeout acquiring a connection|EHOSTUNREACH/i;

/** What libraries say when a statement outlived its deadline, also when its cancelling failed. */
const DEADLINE_TEXTS = /query timeout of \d+ms exceeded/i;

/**
 * The one place where the errors of MySQL and MariaDB get jobsweep's codes.
 *
 * @param committing the error came out of COMMIT: a connection lost there leaves the outcome unknown.
 */
export function translateMysqlError(error: unknown, committing: boolean): JobsweepError {
  if (isJobsweepError(error)) return error;
  const cause = asError(error) as DriverError;
  const { code, fix, isDivisible } = translation(cause);
  if (committing && code === 'CONNECTION_LOST') {
    const message = 'The connection was lost while committing: the batch may be there or not. The next pass finds out.';
    return new JobsweepError('COMMIT_UNKNOWN', message, { cause });
  }
  return new JobsweepError(code, `${reason(cause)}. ${fix}.`, {
    cause,
    constraint: constraintOf(cause),
    isDivisible,
  });
}

/** Whether rows that others hold kept a statement with NOWAIT from locking any. */
export const isHeldByOthers = (error: unknown): boolean => (error as { errno?: unknown } | null)?.errno === HELD;

const HELD = 3572;

/** Whether the server, the driver or the pool raised the error. */
export function isMysqlError(error: unknown): boolean {
  if (!(error instanceof Error) || isJobsweepError(error)) return false;
  return 'sqlState' in error || translation(error).code !== 'DATABASE_ERROR';
}

function translation({ errno, code = '', message, sqlMessage = message }: DriverError): Translation {
  const known = errno === undefined ? undefined : BY_NUMBER.get(errno);
  if (known !== undefined) return known;
  const said = BY_SENTENCE.find(([number, sentence]) => number === errno && sentence.test(sqlMessage));
  if (said !== undefined) return said[2];
  if (DEADLINE_TEXTS.test(message)) return STATEMENT_TIMEOUT;
  if (SOCKET_ERRORS.includes(code) || CONNECTION_TEXTS.test(message)) return CONNECTION_LOST;
  return { code: 'DATABASE_ERROR', fix: 'See `cause` for what the database said' };
}

/** The server's own sentence: libraries put the whole statement with its values before it. */
function reason({ sqlMessage, message, code = 'Error' }: DriverError): string {
  return (sqlMessage ?? (message === '' ? code : message)).replace(/\.$/, '');
}

/** The name of the constraint in the server's sentence, where it has one. */
function constraintOf({ sqlMessage = '' }: DriverError): string | undefined {
  const named =
    /CONSTRAINT [`"]([^`"]+)[`"]|(?:Check constraint|CONSTRAINT) '?[`"']?([\w$]+)[`"']? (?:is violated|failed)/i;
  const found = named.exec(sqlMessage);
  return found?.[1] ?? found?.[2];
}
