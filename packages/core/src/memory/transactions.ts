import { throwIfAborted } from '../errors.js';
import { inAttempts } from '../in-attempts.js';
import type { TransactionOptions } from '../store.js';
import type { MemoryDatabase } from './engine/database.js';
import type { MemorySession } from './engine/session.js';
import type { TransactionSettings } from './options.js';

/**
 * See `CleanupStore.transaction`. Statements in memory take no time but for locks, so `timeoutSeconds` bounds those. There
 * is no bound of the store's own for idle transactions.
 */
export async function inTransaction<Result>(
  database: MemoryDatabase,
  settings: TransactionSettings,
  work: (session: MemorySession) => Promise<Result>,
  how: TransactionOptions = {},
): Promise<Result> {
  const { readOnly = false, signal } = how;
  const { timeoutSeconds = Number.POSITIVE_INFINITY, idleTimeoutSeconds = Number.POSITIVE_INFINITY } = how;
  const lockTimeoutSeconds = Math.min(settings.lockTimeoutSeconds, timeoutSeconds);
  const untilAborted = async (session: MemorySession) => {
    const result = await work(session);
    throwIfAborted(signal);
    return result;
  };
  const once = () => database.transaction(untilAborted, { readOnly, lockTimeoutSeconds, idleTimeoutSeconds });
  return inAttempts(once, how, settings);
}
