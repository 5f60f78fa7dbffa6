import { inAttempts, isJobsweepError, JobsweepError, type TransactionOptions, throwIfAborted } from '@jobsweep/core';
import type { Dialect, StatementBounds } from './dialect.js';
import type { SqlLibrary } from './library.js';
import type { TransactionSettings } from './options.js';
import type { Sessions } from './sessions.js';

/** Settings that one run has for itself. */
export type RunSettings = Partial<Pick<TransactionSettings, 'lockTimeoutSeconds' | 'maxAttempts'>>;

/** Runs work in transactions of its own, on the connections of the user's pool. */
export class Transactions<Session extends object> {
  constructor(
    private readonly library: SqlLibrary<Session>,
    private readonly dialect: Dialect,
    private readonly sessions: Sessions<Session>,
    private readonly settings: TransactionSettings,
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
    settings: TransactionSettings,
  ): Promise<Result> {
    const bounds = {
      ...settings,
      statementTimeoutSeconds: least(settings.statementTimeoutSeconds, timeoutSeconds),
      idleTimeoutSeconds: least(settings.idleTimeoutSeconds, idleTimeoutSeconds),
    };
    let failure: { readonly error: unknown } | undefined;
    let committing = false;
    const bounded = async (session: Session) => {
      try {
        const result = await this.bounded(session, work, bounds);
        throwIfAborted(signal);
        committing = true;
        return result;
      } catch (error) {
        failure = { error: this.failureOf(error, session) };
        throw error;
      }
    };
    try {
      return await this.library.transaction(bounded, { readOnly });
    } catch (error) {
      throw failure === undefined ? this.dialect.translate(error, committing) : failure.error;
    }
  }

  /** What ended the work. Libraries end a transaction when its connection breaks, before the work has said a word. */
  private failureOf(error: unknown, session: Session): unknown {
    if (this.dialect.recognizes(error)) return this.dialect.translate(error, false);
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
    bounds: StatementBounds,
  ): Promise<Result> {
    const { restore, statementTimeoutMs } = await this.dialect.bound(this.sessions.open(session), bounds);
    this.sessions.began(session, statementTimeoutMs);
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
