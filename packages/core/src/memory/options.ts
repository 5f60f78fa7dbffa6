import type { Clock } from '../clock.js';
import { invalidOption } from '../errors.js';
import type { FilterOptions } from '../schema/filters.js';

/** Options of a store in memory: those of every adapter that mean something here. */
export interface MemoryStoreOptions {
  /** Which jobs the store may see and touch. Default: all. Columns that rows do not have are `null`. */
  readonly filters?: FilterOptions;
  /** Replaces the database's clock: horizons and written times are its. Default: the clock of the database. */
  readonly clock?: Clock;
  /** A statement may wait this long for a lock. Default: 5. */
  readonly lockTimeoutSeconds?: number;
  /** How often a transaction is tried in all when it meets a deadlock or lock timeout. Default: 3. */
  readonly maxAttempts?: number;
}

/** What transactions need of the options. */
export interface TransactionSettings {
  readonly lockTimeoutSeconds: number;
  readonly maxAttempts: number;
}

const MAX_SECONDS = 86_400;

/** Fills in the defaults. Throws `INVALID_OPTION` for a number out of its range, and for a mapping. */
export function transactionSettings(options: MemoryStoreOptions): TransactionSettings {
  const { lockTimeoutSeconds = 5, maxAttempts = 3 } = options;
  if ('schema' in options && options.schema !== undefined) {
    throw invalidOption('schema', options.schema, 'leave it out, tables in memory have no other names to map');
  }
  if (!(lockTimeoutSeconds > 0 && lockTimeoutSeconds <= MAX_SECONDS)) {
    const fix = `give seconds above 0 and at most ${MAX_SECONDS}`;
    throw invalidOption('lockTimeoutSeconds', lockTimeoutSeconds, fix);
  }
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 100) {
    throw invalidOption('maxAttempts', maxAttempts, 'give a whole number from 1 to 100');
  }
  return { lockTimeoutSeconds, maxAttempts };
}
