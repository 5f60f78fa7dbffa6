export type EngineErrorCode =
  /** A server that the environment names does not answer. */
  | 'ENGINE_UNREACHABLE'
  /** There is no server to start on this machine. */
  | 'ENGINE_UNAVAILABLE'
  /** A server was started and did not become ready. */
  | 'ENGINE_FAILED'
  /** The server is there and refuses what tests need, such as creating a database. */
  | 'ENGINE_UNSUITABLE';

/** An error whose message is one line that says what to do. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EngineError';
    this.code = code;
  }
}

/** The message of anything thrown; connection errors with several addresses have an empty one, only a code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
