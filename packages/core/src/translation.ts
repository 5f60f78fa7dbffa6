import { asError, type ErrorCode, isJobsweepError, JobsweepError } from './errors.js';

/** What an error of a database is in jobsweep's words. */
export interface Translation {
  readonly code: ErrorCode;
  /** What to do about it: a sentence without its full stop. */
  readonly fix: string;
  /** Fewer rows may get through, whatever the code says. */
  readonly isDivisible?: true;
}

/** For adapters: what happens on every database. */
export const translations = {
  conflict: { code: 'CONFLICT', fix: 'Another transaction was in the way; try again' },
  connectionLost: {
    code: 'CONNECTION_LOST',
    fix: 'Check that the database runs and is reachable; what was committed before stays',
  },
  rowRejected: {
    code: 'ROW_REJECTED',
    fix: 'A constraint, trigger or column type refuses the row; see "poison rows" in docs/operations.md',
  },
  schemaMismatch: { code: 'SCHEMA_MISMATCH', fix: 'Compare the `schema` option with the real tables' },
  statementTimeout: {
    code: 'STATEMENT_TIMEOUT',
    fix: 'The server cancelled the statement; check the advised indexes, or raise statementTimeoutSeconds',
  },
  diskFull: { code: 'SERVER_UNAVAILABLE', fix: 'The disk of the server is full; make room there' },
  noMemory: {
    code: 'SERVER_UNAVAILABLE',
    fix: 'The server ran out of memory, or of room for locks; lower batchRows, or give it more',
    isDivisible: true,
  },
} as const satisfies Record<string, Translation>;

/** For adapters: a server that answers, and cannot work for now. */
export const unavailable = (fix: string): Translation => ({ code: 'SERVER_UNAVAILABLE', fix });

/** For adapters: a user who may not do this. */
export const denied = (fix: string): Translation => ({ code: 'PERMISSION_DENIED', fix });

const OTHER: Translation = { code: 'DATABASE_ERROR', fix: 'See `cause` for what the database said' };

/** Codes of a socket that led nowhere. */
const SOCKET_ERRORS = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** Translations by what a server calls its errors. */
export const byServerCode = <Code>(
  table: readonly (readonly [Translation, readonly Code[]])[],
): ReadonlyMap<Code, Translation> =>
  new Map(table.flatMap(([translation, codes]) => codes.map((code) => [code, translation] as const)));

/** What differs between drivers about their errors. */
export interface DriverErrors<Raised extends Error> {
  /** What an error is. Absent: nothing that is known. */
  translation(error: Raised): Translation | undefined;
  /** Whether the server raised one of which nothing is known. */
  isOfServer(error: Raised): boolean;
  /** The database's own sentence, without its full stop: libraries put a statement with its values before it. */
  sentence(error: Raised): string;
  /** What refused a row. */
  constraint(error: Raised): string | undefined;
}

/** Gives errors jobsweep's codes. */
export interface Translator {
  /** Whether an error came from the database or the way to it, rather than from the work of a transaction. */
  recognizes(error: unknown): boolean;
  /** The database's error in jobsweep's words, and jobsweep's own as it is. */
  translate(error: unknown): JobsweepError;
}

/** For adapters: the one place where the errors of a database get jobsweep's codes. */
export function translatorOf<Raised extends Error>(errors: DriverErrors<Raised>): Translator {
  const known = (error: Error & { readonly code?: unknown }): Translation | undefined =>
    errors.translation(error as unknown as Raised) ??
    (SOCKET_ERRORS.test(String(error.code)) ? translations.connectionLost : undefined);
  return {
    recognizes: (error) =>
      error instanceof Error &&
      !isJobsweepError(error) &&
      (errors.isOfServer(error as Raised) || known(error) !== undefined),
    translate(error) {
      if (isJobsweepError(error)) return error;
      const cause = asError(error) as Raised;
      const { code, fix, isDivisible } = known(cause) ?? OTHER;
      const constraint = errors.constraint(cause);
      return new JobsweepError(code, `${errors.sentence(cause)}. ${fix}.`, { cause, constraint, isDivisible });
    },
  };
}
