import { setTimeout as delay } from 'node:timers/promises';
import { invalidOption, retryOf, throwIfAborted } from './errors.js';
import type { TransactionOptions } from './store.js';

/** Which failures are tried again, and how often. */
export interface Attempts {
  /** 1: never again. */
  readonly maxAttempts: number;
  /** Whether nothing of the work stays after an error, and it may succeed at once. Default: its `retry` is `now`. */
  readonly isTransient?: (error: unknown) => boolean;
}

const FIRST_BACKOFF_MS = 50;

/**
 * For adapters: the loop of `CleanupStore.transaction` around one transaction. Tries again a little later, and each time
 * after about twice as long as before: 50 ms, 100 ms, 200 ms.
 *
 * Rejects with the error of the last attempt, with `ABORTED` before and between attempts, and with `INVALID_OPTION` for
 * seconds that bound nothing.
 *
 * @example
 * transaction: (work, options) => inAttempts(() => inTransaction(pool, work, options), options, { maxAttempts: 5 }),
 */
export async function inAttempts<Result>(
  attemptOnce: () => Promise<Result>,
  { signal, timeoutSeconds, idleTimeoutSeconds }: TransactionOptions,
  { maxAttempts, isTransient = isForNow }: Attempts,
): Promise<Result> {
  for (const [field, seconds] of Object.entries({ timeoutSeconds, idleTimeoutSeconds })) {
    if (seconds !== undefined && !(seconds > 0)) throw invalidOption(field, seconds, 'give seconds above 0');
  }
  for (let attempt = 1; ; attempt += 1) {
    throwIfAborted(signal);
    try {
      return await attemptOnce();
    } catch (error) {
      if (attempt >= maxAttempts || !isTransient(error)) throw error;
      const pauseMs = FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      await delay(pauseMs, undefined, signal && { signal }).catch(() => throwIfAborted(signal));
    }
  }
}

function isForNow(error: unknown): boolean {
  return retryOf(error) === 'now';
}
