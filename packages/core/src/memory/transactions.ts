import { setTimeout as delay } from 'node:timers/promises';
import { invalidOption, isJobsweepError, throwIfAborted } from '../errors.js';
import type { TransactionOptions } from '../store.js';
import type { MemoryDatabase } from './engine/database.js';
import type { MemorySession } from './engine/session.js';
import type { TransactionSettings } from './options.js';

const FIRST_BACKOFF_MS = 50;

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
  requireSeconds('timeoutSeconds', timeoutSeconds);
  requireSeconds('idleTimeoutSeconds', idleTimeoutSeconds);
  const lockTimeoutSeconds = Math.min(settings.lockTimeoutSeconds, timeoutSeconds);
  const untilAborted = async (session: MemorySession) => {
    const result = await work(session);
    throwIfAborted(signal);
    return result;
  };
  for (let attempt = 1; ; attempt += 1) {
    throwIfAborted(signal);
    try {
      return await database.transaction(untilAborted, { readOnly, lockTimeoutSeconds, idleTimeoutSeconds });
    } catch (error) {
      if (attempt >= settings.maxAttempts || !isJobsweepError(error, 'CONFLICT', 'LOCK_TIMEOUT')) throw error;
      await backOff(attempt, signal);
    }
  }
}

function requireSeconds(field: string, seconds: number): void {
  if (!(seconds > 0)) throw invalidOption(field, seconds, 'give seconds above 0');
}

async function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
  await delay(ms, undefined, signal && { signal }).catch(() => throwIfAborted(signal));
}
