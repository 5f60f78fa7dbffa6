import { isJobsweepError, type RunTransaction, retryOf, type TransactionSteps, transactionsOn } from '@jobsweep/core';
import type { ClientSession, Connection } from 'mongoose';
import type { Settings } from '../options.js';
import { commitError, hasLabel, mongoErrors } from '../translate-error.js';
import { Activity } from './activity.js';
import type { Sessions } from './sessions.js';

/** A session that the store began, and what is known of it. */
interface Begun {
  readonly session: ClientSession;
  readonly hasTransactions: boolean;
  /** Once its work may begin. Nothing that a read-only transaction did can stay. */
  how?: { readonly activity: Activity; readonly readOnly: boolean };
}

/** `CleanupStore.transaction`, on the connections of the user's pool. */
export function mongoTransactions(
  connection: Connection,
  sessions: Sessions,
  { bounds }: Pick<Settings, 'bounds'>,
): RunTransaction<ClientSession> {
  const steps: TransactionSteps<Begun, ClientSession> = {
    async take() {
      const hasTransactions = await sessions.requireTransactions();
      return { session: await connection.startSession(), hasTransactions };
    },

    async begin(begun, { statementTimeoutSeconds, idleTimeoutSeconds, readOnly }, deadline) {
      const { session, hasTransactions } = begun;
      const maxTimeMs = Math.max(1, Math.ceil(statementTimeoutSeconds * 1000));
      const activity = new Activity(idleTimeoutSeconds * 1000);
      begun.how = { activity, readOnly };
      sessions.began(session, { maxTimeMs, readOnly, activity, deadline });
      if (hasTransactions) {
        session.startTransaction({
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority' },
          readPreference: 'primary',
          maxCommitTimeMS: maxTimeMs,
        });
      }
      return session;
    },

    async commit({ session, hasTransactions, how }) {
      // What only read is ended before its caller goes on: nobody closes the connection under it.
      if (!hasTransactions || how === undefined || how.readOnly) return session.endSession();
      how.activity.requireRecent(session);
      await commit(session, bounds.maxAttempts);
    },

    // Aborts the transaction; the server may hear of it although nobody waits for its answer.
    rollback: ({ session }) => session.endSession(),
    release({ session }) {
      session.endSession().catch(() => undefined);
    },

    translate: (error) => (mongoErrors.recognizes(error) ? mongoErrors.translate(error) : error),
    isTransient,
  };
  return transactionsOn(steps, bounds);
}

/** A commit whose outcome is unknown may be asked for again: the server does it once. */
async function commit(session: ClientSession, maxAttempts: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (attempt >= maxAttempts || !hasLabel(error, 'UnknownTransactionCommitResult')) throw commitError(error);
    }
  }
}

/** Whether the same work may succeed at once: somebody was faster with a row, or another server has become the primary. */
function isTransient(error: unknown): boolean {
  if (retryOf(error) === 'now') return true;
  return isJobsweepError(error, 'CONNECTION_LOST') && hasLabel(error, 'TransientTransactionError');
}
