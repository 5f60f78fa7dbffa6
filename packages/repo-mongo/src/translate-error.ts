import { asError, type ErrorCode, isJobsweepError, JobsweepError } from '@jobsweep/core';

/** The parts of an error of mongoose or the driver that say what happened. */
interface DriverError extends Error {
  readonly code?: number | string;
  readonly codeName?: string;
  readonly errorLabels?: readonly string[];
  /** Of a duplicate key. */
  readonly keyPattern?: Readonly<Record<string, unknown>>;
}

interface Translation {
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly fix: string;
  /** Fewer rows may get through, whatever the code says. */
  readonly isDivisible?: true;
}

const CONNECTION_LOST: Translation = {
  code: 'CONNECTION_LOST',
  fix: 'Check that the server runs and is reachable; what was committed before stays',
};

const CONFLICT: Translation = { code: 'CONFLICT', fix: 'Another transaction was in the way; try again' };

const ROW_REJECTED: Translation = {
  code: 'ROW_REJECTED',
  fix: 'A unique index, a validator or the type of a field refuses the document; see "poison rows" in docs/operations.md',
};

const STATEMENT_TIMEOUT: Translation = {
  code: 'STATEMENT_TIMEOUT',
  fix: 'The server cancelled the command; check the advised indexes, or raise statementTimeoutSeconds',
};

const PERMISSION_DENIED: Translation = {
  code: 'PERMISSION_DENIED',
  fix: 'Grant the missing action to the user that jobsweep connects as',
};

const NO_MEMORY: Translation = {
  code: 'SERVER_UNAVAILABLE',
  fix: 'The server ran out of memory for this; lower batchRows, or give it more',
  isDivisible: true,
};

/** By the server's error code. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  // NoSuchTransaction, SnapshotUnavailable, SnapshotTooOld, WriteConflict
  251: CONFLICT,
  246: CONFLICT,
  239: CONFLICT,
  112: CONFLICT,
  24: { code: 'LOCK_TIMEOUT', fix: 'Another operation holds the collection for long; look for it in currentOp' },
  // MaxTimeMSExpired, ExceededTimeLimit
  50: STATEMENT_TIMEOUT,
  262: STATEMENT_TIMEOUT,
  // DuplicateKey, DocumentValidationFailure, TypeMismatch, PathNotViable, BSONObjectTooLarge
  11000: ROW_REJECTED,
  121: ROW_REJECTED,
  14: ROW_REJECTED,
  28: ROW_REJECTED,
  10334: ROW_REJECTED,
  // Unauthorized, AuthenticationFailed
  13: PERMISSION_DENIED,
  18: PERMISSION_DENIED,
  // NamespaceNotFound, ImmutableField, CommandNotSupportedOnView, ConflictingUpdateOperators
  26: { code: 'SCHEMA_MISMATCH', fix: 'Compare the `schema` option with the real collections' },
  66: { code: 'SCHEMA_MISMATCH', fix: 'Compare the `schema` option with the real collections' },
  166: { code: 'SCHEMA_MISMATCH', fix: 'Map a collection: a view cannot be written' },
  40: {
    code: 'SCHEMA_MISMATCH',
    fix: 'Two mapped fields are the same: compare the `schema` option with the real collections',
  },
  // OutOfDiskSpace
  14031: { code: 'SERVER_UNAVAILABLE', fix: 'The disk of the server is full; make room there' },
  // ExceededMemoryLimit, QueryExceededMemoryLimitNoDiskUseAllowed
  146: NO_MEMORY,
  292: NO_MEMORY,
  // TemporarilyUnavailable, IngressRequestRateLimitExceeded
  365: { code: 'SERVER_UNAVAILABLE', fix: 'The server has too much to do for now; wait until it has less' },
  462: { code: 'SERVER_UNAVAILABLE', fix: 'The server has too much to do for now; wait until it has less' },
  // HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, PrimarySteppedDown, SocketException, NotWritablePrimary,
  // InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary
  6: CONNECTION_LOST,
  7: CONNECTION_LOST,
  89: CONNECTION_LOST,
  91: CONNECTION_LOST,
  189: CONNECTION_LOST,
  9001: CONNECTION_LOST,
  10107: CONNECTION_LOST,
  11600: CONNECTION_LOST,
  11602: CONNECTION_LOST,
  13435: CONNECTION_LOST,
  13436: CONNECTION_LOST,
};

/** Of the driver and of mongoose, for what happened on the way to the server. */
const CONNECTION_ERRORS =
  /^(Mong(o|oose)(Network|ServerSelection|NotConnected|Topology|PoolClosed|PoolCleared|ConnectionPool|WaitQueue|ClientClosed|SystemOverloaded)|PoolCleared)/;

/** Texts of mongoose, which has no name for them, and of the driver without a session to use. */
const CONNECTION_TEXTS =
  /buffering timed out|connection was (force )?closed|before initial connection|client must be connected/i;

/**
 * The one place where errors of mongoose, the driver and the server get jobsweep's codes.
 *
 * @param committing the error came out of the commit: where nobody knows its outcome, it is unknown.
 */
export function translateError(error: unknown, committing: boolean): JobsweepError {
  if (isJobsweepError(error)) return error;
  const cause = asError(error) as DriverError;
  const { code, fix, isDivisible } = translation(cause);
  if (committing && (code === 'CONNECTION_LOST' || hasLabel(cause, 'UnknownTransactionCommitResult'))) {
    return commitUnknown(cause);
  }
  return new JobsweepError(code, `${cause.message.replace(/\.$/, '')}. ${fix}.`, {
    cause,
    constraint: constraintOf(cause),
    isDivisible,
  });
}

/** Nobody knows whether the transaction was committed. */
export function commitUnknown(cause: Error): JobsweepError {
  const message = 'The outcome of the commit is unknown: the batch may be there or not. The next pass finds out.';
  return new JobsweepError('COMMIT_UNKNOWN', message, { cause });
}

/** Whether the server, the driver or mongoose raised the error, on its way to the server. */
export function isDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error) || isJobsweepError(error)) return false;
  return (
    (error.name.startsWith('Mongo') && !error.name.startsWith('Mongoose')) ||
    translation(error).code !== 'DATABASE_ERROR'
  );
}

/** Whether the driver put one of its labels on an error, or on the cause of ours. */
export function hasLabel(
  error: unknown,
  label: 'TransientTransactionError' | 'UnknownTransactionCommitResult',
): boolean {
  const { errorLabels, cause } = (error ?? {}) as Partial<DriverError>;
  // The driver keeps labels in a set of its own and shows them as an array.
  return (errorLabels ?? []).includes(label) || (isJobsweepError(error) && hasLabel(cause, label));
}

function translation(error: DriverError): Translation {
  const known = TRANSLATIONS[String(error.code)];
  if (known !== undefined) return known;
  if (CONNECTION_ERRORS.test(error.name) || CONNECTION_TEXTS.test(error.message)) return CONNECTION_LOST;
  if (error.code === 20 && error.message.includes('replica set')) {
    return { code: 'TRANSACTIONS_REQUIRED', fix: 'Run the server as a replica set, or set allowNonAtomic' };
  }
  if (hasLabel(error, 'TransientTransactionError')) return CONFLICT;
  return { code: 'DATABASE_ERROR', fix: 'See `cause` for what the database said' };
}

/** The unique index that refused a document, by its fields, or the validator. */
function constraintOf({ code, keyPattern }: DriverError): string | undefined {
  if (keyPattern !== undefined) return Object.keys(keyPattern).join(', ');
  return code === 121 ? 'validator' : undefined;
}
