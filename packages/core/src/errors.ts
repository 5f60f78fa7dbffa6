import { inspect } from 'node:util';

/** Every code a `JobsweepError` can carry. Each has a heading in docs/errors.md. */
export const ERROR_CODES = [
  'ABORTED',
  'CIRCULAR_DEPENDENCY',
  'CLAIM_LOST',
  'COMMIT_UNKNOWN',
  'CONFLICT',
  'CONNECTION_LOST',
  'DATABASE_ERROR',
  'DUPLICATE_STRATEGY',
  'ENGINE_UNSUPPORTED',
  'HOOK_FAILED',
  'INVALID_CONFIG',
  'INVALID_OPTION',
  'INVALID_SCHEMA',
  'ISOLATION_UNSUPPORTED',
  'LOCK_TIMEOUT',
  'NOTHING_TO_APPROVE',
  'NOTHING_TO_UNDO',
  'NOT_INITIALIZED',
  'PERMISSION_DENIED',
  'ROW_REJECTED',
  'SCHEMA_MISMATCH',
  'SERVER_UNAVAILABLE',
  'SESSION_NOT_IN_TRANSACTION',
  'STATEMENT_TIMEOUT',
  'TRANSACTIONS_REQUIRED',
  'UNKNOWN_DEPENDENCY',
  'UNKNOWN_STRATEGY',
  'UNSUPPORTED_SCHEMA',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * Whether the same thing may succeed when it is asked for again:
 * - `now`: at once. Somebody else was in the way, and nothing of it was done
 * - `later`: not before something changed outside, such as a full disk or a server that takes no writes. Nothing of it was done
 * - `unknown`: as `later`, but it may have been done: look first
 * - `never`: not before somebody changed what was asked, or the tables, or the privileges
 */
export type Retry = 'now' | 'later' | 'unknown' | 'never';

/** What a code says of itself, where the error says nothing else. Codes that are not named here: `never`. */
const RETRIES: Partial<Readonly<Record<ErrorCode, Retry>>> = {
  CONFLICT: 'now',
  LOCK_TIMEOUT: 'now',
  CONNECTION_LOST: 'later',
  SERVER_UNAVAILABLE: 'later',
  COMMIT_UNKNOWN: 'unknown',
};

/** What the same work on fewer rows may get past: one of them was refused, or they were too many for a time, or for others. */
const DIVISIBLE: readonly ErrorCode[] = ['CONFLICT', 'LOCK_TIMEOUT', 'ROW_REJECTED', 'STATEMENT_TIMEOUT'];

/** What an error may carry beside its code and message. */
export interface JobsweepErrorOptions {
  readonly cause?: unknown;
  /** The constraint or trigger that refused a row, as the database names it. */
  readonly constraint?: string | undefined;
  /** Default: that of the code. */
  readonly retry?: Retry | undefined;
  /** Whether the same work on fewer rows may succeed. Default: that of the code. */
  readonly isDivisible?: boolean | undefined;
}

/**
 * The one error class. `code` is stable and made for programs; `message` says what to do; `cause` is the error of the
 * library below.
 *
 * @example
 * try {
 *   await repository.getStuckJobs(knex, 48);
 * } catch (error) {
 *   if (isJobsweepError(error, 'SESSION_NOT_IN_TRANSACTION')) console.error(error.message);
 * }
 */
export class JobsweepError extends Error {
  override readonly name = 'JobsweepError';
  readonly code: ErrorCode;
  readonly constraint: string | undefined;
  readonly retry: Retry;
  readonly isDivisible: boolean;

  constructor(code: ErrorCode, message: string, options: JobsweepErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.constraint = options.constraint;
    this.retry = options.retry ?? RETRIES[code] ?? 'never';
    this.isDivisible = options.isDivisible ?? DIVISIBLE.includes(code);
  }
}

/**
 * Whether `error` is a `JobsweepError`, with one of `codes` where any are given. Works across copies of this package,
 * which `instanceof` does not.
 */
export function isJobsweepError(error: unknown, ...codes: readonly ErrorCode[]): error is JobsweepError {
  if (!(error instanceof Error) || error.name !== 'JobsweepError' || !('code' in error)) return false;
  return codes.length === 0 || codes.includes(error.code as ErrorCode);
}

/**
 * For `catch`: gives a value in place of an error with this code, and throws every other one on.
 *
 * @example
 * const nodes = await countNodes().catch(insteadOf('PERMISSION_DENIED', null));
 */
export const insteadOf =
  <Value>(code: ErrorCode, value: Value) =>
  (error: unknown): Value => {
    if (isJobsweepError(error, code)) return value;
    throw error;
  };

/** The `retry` of a `JobsweepError`; `never` for anything else, which nobody knows a way out of. */
export function retryOf(error: unknown): Retry {
  return isJobsweepError(error) ? error.retry : 'never';
}

/** Whether whoever failed with `error` should ask again by itself, but not at once. */
export function isWorthWaitingFor(error: unknown): boolean {
  return ['later', 'unknown'].includes(retryOf(error));
}

/**
 * For adapters: what an error means that came out of COMMIT. One that nobody answered may have been done, so `CONNECTION_LOST`
 * becomes `COMMIT_UNKNOWN`; any other stays as it is.
 */
export function unknownIfLost(error: unknown): unknown {
  return isJobsweepError(error, 'CONNECTION_LOST') ? commitUnknown(error) : error;
}

/** For adapters: nobody knows whether the transaction was committed. */
export function commitUnknown(cause: Error): JobsweepError {
  const message = 'The server did not answer the commit: the batch may be there or not. The next pass finds out.';
  return new JobsweepError('COMMIT_UNKNOWN', message, { cause });
}

/** What was thrown as an error, whatever it was. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(typeof thrown === 'string' ? thrown : inspect(thrown));
}

/** Rejects bad input before anything is written: names the option, its value and the fix. */
export function invalidOption(field: string, value: unknown, fix: string): JobsweepError {
  return new JobsweepError('INVALID_OPTION', `${field} is ${inspect(value)}: ${fix}.`);
}

/** For adapters: throws `INVALID_OPTION` for a name in `option` that is none of those that it can have. */
export function rejectUnknown(path: string, option: object, known: readonly string[]): void {
  const wrong = Object.keys(option).find((key) => !known.includes(key));
  if (wrong !== undefined) throw invalidOption(`${path}.${wrong}`, wrong, `use ${known.join(', ')}`);
}

/** Rejects a mapping that contradicts itself: `problem` begins with the path into the `schema` option. */
export function invalidSchema(problem: string, fix: string): JobsweepError {
  return new JobsweepError('INVALID_SCHEMA', `${problem}. ${fix}.`);
}

/** Throws `ABORTED`, with the signal's reason as cause, once `signal` has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedBy(signal);
}

/** The error of what `signal` has stopped. */
export function abortedBy({ reason }: AbortSignal): JobsweepError {
  return new JobsweepError('ABORTED', 'Stopped by its abort signal.', { cause: reason });
}
