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
import type { BoundsOfTransaction, Dialect } from './dialect.js';
import { Lease } from './lease.js';
import type { SqlLibrary } from './library.js';
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
    let session: Session | undefined;
    let committing = false;
    try {
      session = await lease.begin({ readOnly });
      this.sessions.began(session, lease, { readOnly });
      const result = await lease.during(this.bounded(session, work, bounds, lease));
      throwIfAborted(signal);
      committing = true;
      await lease.commit(session);
      return result;
    } catch (error) {
      if (committing) throw unknownIfLost(this.dialect.errors.translate(error));
      const failure = session === undefined ? this.dialect.errors.translate(error) : this.failureOf(error, session);
      if (session !== undefined) await lease.rollback(session);
      // What keeps this session from its work may be gone for those that begin after it.
      if (isJobsweepError(failure, 'SERVER_UNAVAILABLE')) lease.spoil();
      // The server ended the statement because we asked it to.
      if (isJobsweepError(failure, 'STATEMENT_TIMEOUT')) throwIfAborted(signal);
      throw failure;
    } finally {
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

  /** Runs work with bounded statements, and leaves the connection as it was found. */
  private async bounded<Result>(
    session: Session,
    work: (session: Session) => Promise<Result>,
    bounds: BoundsOfTransaction,
    lease: Lease<Session>,
  ): Promise<Result> {
    const { restore, now, ...limits } = await this.dialect.bound(this.sessions.open(session), bounds, lease.raw);
    this.sessions.beganAt(session, now);
    lease.limits = limits;
    try {
      const result = await work(session);
      this.sessions.requireWhole(session);
      await restore();
      return result;
    } catch (error) {
      // A connection that cannot be put back is broken, and the pool finds that out by itself.
      await restore().catch(() => undefined);
      throw error;
    }
  }
}

/** A bound of the store's, or what a transaction asks for where that is less. */
const least = (bound: number, asked = bound): number => Math.min(bound, asked);
