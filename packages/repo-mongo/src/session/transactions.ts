import {
  Deadline,
  inAttempts,
  isJobsweepError,
  type RunSettings,
  retryOf,
  type TransactionOptions,
  throwIfAborted,
} from '@jobsweep/core';
import type { ClientSession, Connection } from 'mongoose';
import type { Settings } from '../options.js';
import { commitError, hasLabel, mongoErrors } from '../translate-error.js';
import { Activity } from './activity.js';
import type { Sessions } from './sessions.js';

const UNBOUNDED = Number.POSITIVE_INFINITY;

/** Runs work in transactions of its own, on the connections of the user's pool. */
export class Transactions {
  constructor(
    private readonly connection: Connection,
    private readonly sessions: Sessions,
    private readonly settings: Settings,
  ) {}

  /** See `CleanupStore.transaction`. */
  async run<Result>(
    work: (session: ClientSession) => Promise<Result>,
    options: TransactionOptions = {},
    { maxAttempts = this.settings.maxAttempts }: RunSettings = {},
  ): Promise<Result> {
    return inAttempts(() => this.once(work, options), options, { maxAttempts, isTransient });
  }

  private async once<Result>(
    work: (session: ClientSession) => Promise<Result>,
    { readOnly = false, timeoutSeconds = UNBOUNDED, idleTimeoutSeconds = UNBOUNDED, signal }: TransactionOptions = {},
  ): Promise<Result> {
    const { connection, sessions, settings } = this;
    const maxTimeMs = Math.max(1, Math.ceil(Math.min(settings.statementTimeoutMs, timeoutSeconds * 1000)));
    const activity = new Activity(Math.min(settings.idleTimeoutMs, idleTimeoutSeconds * 1000));
    const deadline = new Deadline({ limitSeconds: maxTimeMs / 1000, signal });
    let session: ClientSession | undefined;
    let committing = false;
    try {
      const hasTransactions = await deadline.race(sessions.requireTransactions());
      session = await deadline.answered(() => connection.startSession());
      sessions.began(session, { maxTimeMs, readOnly, activity, deadline });
      if (hasTransactions) {
        session.startTransaction({
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority' },
          readPreference: 'primary',
          maxCommitTimeMS: maxTimeMs,
        });
      }
      const result = await deadline.race(work(session));
      throwIfAborted(signal);
      // Nothing that a read-only transaction did can stay.
      if (!hasTransactions || readOnly) return result;
      activity.requireRecent(session);
      committing = true;
      await this.commit(session, deadline);
      return result;
    } catch (error) {
      if (committing) throw commitError(error);
      throw mongoErrors.recognizes(error) ? mongoErrors.translate(error) : error;
    } finally {
      // Aborts the transaction where it is still open; the server may hear of it although nobody waits for its answer.
      const ending = session?.endSession();
      ending?.catch(() => undefined);
      if (ending !== undefined) await deadline.answered(() => ending).catch(() => undefined);
      deadline.end();
    }
  }

  /** A commit whose outcome is unknown may be asked for again: the server does it once. */
  private async commit(session: ClientSession, deadline: Deadline): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await deadline.answered(() => session.commitTransaction());
        return;
      } catch (error) {
        if (attempt >= this.settings.maxAttempts || !hasLabel(error, 'UnknownTransactionCommitResult')) throw error;
      }
    }
  }
}

/** Whether the same work may succeed at once: somebody was faster with a row, or another server has become the primary. */
function isTransient(error: unknown): boolean {
  if (retryOf(error) === 'now') return true;
  return isJobsweepError(error, 'CONNECTION_LOST') && hasLabel(error, 'TransientTransactionError');
}
