import { type IndexAdvice, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { answered } from '../session/answered.js';
import { runCommand } from '../session/command.js';
import { translateError } from '../translate-error.js';
import { indexSpec } from './indexes.js';

/** Makes an index, however long that takes. The signal ends it on the server too, by ending its session. */
export async function createIndex(
  context: MongoContext,
  advice: IndexAdvice,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { connection } = context;
  const spec = await indexSpec(context, connection.collection(advice.table), advice);
  const session = await connection.startSession();
  const aborted = new AbortController();
  try {
    // A signal that fired while the session was opened tells nobody any more.
    throwIfAborted(signal);
    const db = connection.getClient().db(connection.name);
    const made = db.command({ createIndexes: advice.table, indexes: [spec] }, { session, readPreference: 'primary' });
    const stopped = new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new Error('Stopped by its signal'));
      signal?.addEventListener('abort', stop, { once: true, signal: aborted.signal });
    });
    await Promise.race([made, stopped]);
  } catch (error) {
    if (signal?.aborted === true && session.id !== undefined) {
      await answered(runCommand(context, { killSessions: [session.id] }), 0).catch(() => undefined);
    }
    throwIfAborted(signal);
    throw translateError(error);
  } finally {
    aborted.abort();
    await answered(session.endSession(), 0).catch(() => undefined);
  }
}
