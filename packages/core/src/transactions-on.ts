import type { Bounds } from './bounds.js';
import { Deadline } from './deadline.js';
import { throwIfAborted, unknownIfLost } from './errors.js';
import { inAttempts } from './in-attempts.js';
import type { TransactionOptions } from './store.js';

/** What one transaction has for itself, in place of what the store has. */
export type RunSettings = Partial<Pick<Bounds, 'lockTimeoutSeconds' | 'maxAttempts'>>;

/** `CleanupStore.transaction`, with settings for one run. */
export type RunTransaction<Session> = <Result>(
  work: (session: Session) => Promise<Result>,
  options?: TransactionOptions,
  settings?: RunSettings,
) => Promise<Result>;

/** What the server is to hold one transaction to. */
export interface TransactionBounds extends Omit<Bounds, 'maxAttempts'> {
  readonly readOnly: boolean;
}

/** How a library runs one transaction on a connection of the user's pool: a few round trips. */
export interface TransactionSteps<Connection, Session> {
  take(): PromiseLike<Connection>;
  /**
   * Begins it at READ COMMITTED.
   *
   * @param deadline for the round trips of the session. From its end on the session has to refuse statements.
   */
  begin(connection: Connection, bounds: TransactionBounds, deadline: Deadline): PromiseLike<Session>;
  /** Rejects also where the server says in other words that nothing was committed. */
  commit(connection: Connection): PromiseLike<unknown>;
  rollback(connection: Connection): PromiseLike<unknown>;
  /** @param isBroken nobody knows what is still open on the connection: it must not be used again. */
  release(connection: Connection, isBroken: boolean): void;
  /** As of `Driver`. */
  translate(error: unknown): unknown;
  /** As of `Attempts`. */
  readonly isTransient?: (error: unknown) => boolean;
}

/**
 * For adapters: `CleanupStore.transaction` of a library. No round trip is waited for longer than its deadline, and what is
 * worth it is tried again.
 *
 * @example
 * const transaction = transactionsOn(stepsOf(pool), boundsOf({ maxAttempts: 5 }));
 */
export function transactionsOn<Connection, Session>(
  steps: TransactionSteps<Connection, Session>,
  bounds: Bounds,
): RunTransaction<Session> {
  return (work, options = {}, settings = {}) => {
    const { lockTimeoutSeconds, maxAttempts } = { ...bounds, ...settings };
    const own: TransactionBounds = {
      readOnly: options.readOnly ?? false,
      statementTimeoutSeconds: least(bounds.statementTimeoutSeconds, options.timeoutSeconds),
      lockTimeoutSeconds,
      idleTimeoutSeconds: least(bounds.idleTimeoutSeconds, options.idleTimeoutSeconds),
    };
    return inAttempts(() => inTransaction(steps, work, own, options.signal), options, {
      maxAttempts,
      ...(steps.isTransient && { isTransient: steps.isTransient }),
    });
  };
}

/** A bound of the store's, or what a transaction asks for where that is less. */
const least = (bound: number, asked = bound): number => Math.min(bound, asked);

async function inTransaction<Connection, Session, Result>(
  steps: TransactionSteps<Connection, Session>,
  work: (session: Session) => Promise<Result>,
  bounds: TransactionBounds,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const deadline = new Deadline({ limitSeconds: bounds.statementTimeoutSeconds, signal });
  const connection = await taken(steps, deadline);
  let committing = false;
  let isBroken = false;
  try {
    const session = await deadline.answered(() => steps.begin(connection, bounds, deadline));
    const result = await deadline.race(work(session));
    throwIfAborted(signal);
    committing = true;
    await deadline.answered(() => steps.commit(connection));
    return result;
  } catch (error) {
    await deadline
      .answered(() => steps.rollback(connection))
      .catch(() => {
        isBroken = true;
      });
    const failure = steps.translate(error);
    throw committing ? unknownIfLost(failure) : failure;
  } finally {
    deadline.end();
    steps.release(connection, isBroken);
  }
}

/** A connection. One that comes after the deadline goes back at once. */
async function taken<Connection>(
  steps: TransactionSteps<Connection, unknown>,
  deadline: Deadline,
): Promise<Connection> {
  const taking = steps.take();
  try {
    return await deadline.answered(() => taking);
  } catch (error) {
    deadline.end();
    taking.then(
      (late) => steps.release(late, false),
      () => undefined,
    );
    throw steps.translate(error);
  }
}
