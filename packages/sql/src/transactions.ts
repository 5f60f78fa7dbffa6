import {
  type Bounds,
  inAttempts,
  isJobsweepError,
  JobsweepError,
  type RunSettings,
  type TransactionOptions,
  throwIfAborted,
  unknownIfLost,
} from '@jobsweep/core';
import type { Dialect } from './dialect.js';
import { Lease } from './lease.js';
import type { SqlLibrary } from './library.js';
import { OwnTransaction } from './own-transaction.js';
import type { Sessions } from './sessions.js';

/** Runs work in transactions of its own, on the connections of the user's pool. */
export class Transactions<Session extends object> {
  constructor(
    private readonly library: SqlLibrary<Session>,
    private readonly dialect: Dialect,
    private readonly sessions: Sessions<Session>,
    private readonly settings: Bounds,
  ) {}

  /** See `CleanupStore.transaction`. */
  async run<Result>(
    work: (session: Session) => Promise<Result>,
    options: TransactionOptions = {},
    own: RunSettings = {},
  ): Promise<Result> {
    const settings = { ...this.settings, ...own };
    return inAttempts(() => this.once(work, options, settings), options, settings);
  }

  private async once<Result>(
    work: (session: Session) => Promise<Result>,
    { readOnly = false, timeoutSeconds, idleTimeoutSeconds, signal }: TransactionOptions,
    settings: Bounds,
  ): Promise<Result> {
    const bounds = {
      ...settings,
      readOnly,
      statementTimeoutSeconds: least(settings.statementTimeoutSeconds, timeoutSeconds),
      idleTimeoutSeconds: least(settings.idleTimeoutSeconds, idleTimeoutSeconds),
    };
    const lease = new Lease(this.library, this.dialect, { limitSeconds: bounds.statementTimeoutSeconds, signal });
    const own = new OwnTransaction(this.dialect, lease, bounds);
    let session: Session | undefined;
    let committing = false;
    try {
      session = await lease.open(() => own.begin());
      this.sessions.opened(session, own);
      const result = await lease.during(this.whole(session, work, own));
      throwIfAborted(signal);
      committing = own.hasBegun;
      if (committing) await lease.commit(session);
      return result;
    } catch (error) {
      if (committing) throw unknownIfLost(this.dialect.errors.translate(error));
      const failure = session === undefined ? this.dialect.errors.translate(error) : this.failureOf(error, session);
      if (session !== undefined && own.hasBegun) await lease.rollback(session);
      // What keeps this session from its work may be gone for those that begin after it.
      if (isJobsweepError(failure, 'SERVER_UNAVAILABLE')) lease.spoil();
      // The server ended the statement because we asked it to.
      if (isJobsweepError(failure, 'STATEMENT_TIMEOUT')) throwIfAborted(signal);
      throw failure;
    } finally {
      own.isOver = true;
      await lease.release();
    }
  }

  /** What ended the work. Libraries end a transaction when its connection breaks, before the work has said a word. */
  private failureOf(error: unknown, session: Session): unknown {
    if (this.dialect.errors.recognizes(error)) return this.dialect.errors.translate(error);
    const isOver = isJobsweepError(error, 'SESSION_NOT_IN_TRANSACTION') && this.library.open(session) === undefined;
    if (!isOver) return error;
    const message =
      'The transaction ended before its work did: its connection was lost, or the work itself committed or rolled back. ' +
      'Check that the database runs, and leave the ending to the store.';
    return new JobsweepError('CONNECTION_LOST', message, { cause: error });
  }

  /** Runs work that is to be committed whole, and leaves the connection as it was found. */
  private async whole<Result>(
    session: Session,
    work: (session: Session) => Promise<Result>,
    own: OwnTransaction<Session>,
  ): Promise<Result> {
    try {
      const result = await work(session);
      this.sessions.requireWhole(session);
      // Work may have ended it itself, and a library then commits nothing without a word.
      if (own.hasBegun) this.sessions.open(session);
      await own.restore();
      return result;
    } catch (error) {
      // A connection that cannot be put back is broken, and the pool finds that out by itself.
      await own.restore().catch(() => undefined);
      throw error;
    }
  }
}

/** A bound of the store's, or what a transaction asks for where that is less. */
const least = (bound: number, asked = bound): number => Math.min(bound, asked);
