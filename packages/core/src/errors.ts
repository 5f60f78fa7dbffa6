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
  'INVALID_CONFIG',
  'INVALID_OPTION',
  'INVALID_SCHEMA',
  'ISOLATION_UNSUPPORTED',
  'LOCK_TIMEOUT',
  'NOT_INITIALIZED',
  'PERMISSION_DENIED',
  'ROW_REJECTED',
  'SCHEMA_MISMATCH',
  'SESSION_NOT_IN_TRANSACTION',
  'STATEMENT_TIMEOUT',
  'TRANSACTIONS_REQUIRED',
  'UNKNOWN_DEPENDENCY',
  'UNKNOWN_STRATEGY',
  'UNSUPPORTED_SCHEMA',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error may carry beside its code and message. */
export interface JobsweepErrorOptions {
  readonly cause?: unknown;
  /** The constraint or trigger that refused a row, as the database names it. */
  readonly constraint?: string | undefined;
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

  constructor(code: ErrorCode, message: string, options: JobsweepErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.constraint = options.constraint;
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

/** Rejects bad input before anything is written: names the option, its value and the fix. */
export function invalidOption(field: string, value: unknown, fix: string): JobsweepError {
  return new JobsweepError('INVALID_OPTION', `${field} is ${inspect(value)}: ${fix}.`);
}

/** Rejects a mapping that contradicts itself: `problem` begins with the path into the `schema` option. */
export function invalidSchema(problem: string, fix: string): JobsweepError {
  return new JobsweepError('INVALID_SCHEMA', `${problem}. ${fix}.`);
}

/** Throws `ABORTED`, with the signal's reason as cause, once `signal` has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new JobsweepError('ABORTED', 'Stopped by its abort signal.', { cause: signal.reason });
}
