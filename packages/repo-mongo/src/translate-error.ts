import {
  byServerCode,
  commitUnknown,
  isJobsweepError,
  type Translation,
  type Translator,
  translations,
  translatorOf,
  unavailable,
  unknownIfLost,
} from '@jobsweep/core';

/** The parts of an error of mongoose or the driver that say what happened. */
interface DriverError extends Error {
  readonly code?: number | string;
  readonly errorLabels?: readonly string[];
  /** Of a duplicate key. */
  readonly keyPattern?: Readonly<Record<string, unknown>>;
}

const { conflict, connectionLost, diskFull, noMemory, statementTimeout } = translations;

const mismatch = (fix: string): Translation => ({ code: 'SCHEMA_MISMATCH', fix });

const LOCK_TIMEOUT: Translation = {
  code: 'LOCK_TIMEOUT',
  fix: 'Another operation holds the collection for long; look for it in currentOp',
};

const ROW_REJECTED: Translation = {
  code: 'ROW_REJECTED',
  fix: 'A unique index, a validator or the type of a field refuses the document; see "poison rows" in docs/operations.md',
};

const PERMISSION_DENIED: Translation = {
  code: 'PERMISSION_DENIED',
  fix: 'Grant the missing action to the user that jobsweep connects as',
};

const NO_TRANSACTIONS: Translation = {
  code: 'TRANSACTIONS_REQUIRED',
  fix: 'Run the server as a replica set, or set allowNonAtomic',
};

const BY_CODE = byServerCode<number | string>([
  // NoSuchTransaction, SnapshotUnavailable, SnapshotTooOld, WriteConflict
  [conflict, [251, 246, 239, 112]],
  [LOCK_TIMEOUT, [24]],
  // MaxTimeMSExpired, ExceededTimeLimit
  [statementTimeout, [50, 262]],
  // DuplicateKey, DocumentValidationFailure, TypeMismatch, PathNotViable, BSONObjectTooLarge
  [ROW_REJECTED, [11000, 121, 14, 28, 10334]],
  // Unauthorized, AuthenticationFailed
  [PERMISSION_DENIED, [13, 18]],
  // NamespaceNotFound, ImmutableField, CommandNotSupportedOnView, ConflictingUpdateOperators
  [mismatch('Compare the `schema` option with the real collections'), [26, 66]],
  [mismatch('Map a collection: a view cannot be written'), [166]],
  [mismatch('Two mapped fields are the same: compare the `schema` option with the real collections'), [40]],
  // OutOfDiskSpace
  [diskFull, [14031]],
  // ExceededMemoryLimit, QueryExceededMemoryLimitNoDiskUseAllowed
  [noMemory, [146, 292]],
  // TemporarilyUnavailable, IngressRequestRateLimitExceeded
  [unavailable('The server has too much to do for now; wait until it has less'), [365, 462]],
  // HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, PrimarySteppedDown, SocketException, NotWritablePrimary,
  // InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary
  [connectionLost, [6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436]],
]);

/** Of the driver and of mongoose, for what happened on the way to the server. */
const CONNECTION_ERRORS =
  /^(Mong(o|oose)(Network|ServerSelection|NotConnected|Topology|PoolClosed|PoolCleared|ConnectionPool|WaitQueue|ClientClosed|SystemOverloaded)|PoolCleared)/;

/** RowTexts of mongoose, which has no name for them, and of the driver without a session to use. */
const CONNECTION_TEXTS =
  /buffering timed out|connection was (force )?closed|before initial connection|client must be connected/i;

/** Of the errors of mongoose, the driver and the server. */
export const mongoErrors: Translator = translatorOf<DriverError>({
  translation(error) {
    const known = error.code === undefined ? undefined : BY_CODE.get(error.code);
    if (known !== undefined) return known;
    if (CONNECTION_ERRORS.test(error.name) || CONNECTION_TEXTS.test(error.message)) return connectionLost;
    if (error.code === 20 && error.message.includes('replica set')) return NO_TRANSACTIONS;
    return hasLabel(error, 'TransientTransactionError') ? conflict : undefined;
  },
  isOfServer: ({ name }) => name.startsWith('Mongo') && !name.startsWith('Mongoose'),
  sentence: ({ message }) => message.replace(/\.$/, ''),
  constraint({ code, keyPattern }) {
    if (keyPattern !== undefined) return Object.keys(keyPattern).join(', ');
    return code === 121 ? 'validator' : undefined;
  },
});

export const translateError = (error: unknown) => mongoErrors.translate(error);

/** The same of an error that came out of the commit: where nobody knows its outcome, it is unknown. */
export function commitError(error: unknown): unknown {
  const failure = translateError(error);
  return hasLabel(failure, 'UnknownTransactionCommitResult') ? commitUnknown(failure) : unknownIfLost(failure);
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
