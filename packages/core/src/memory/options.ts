import { type Bounds, type BoundsOptions, boundsOf } from '../bounds.js';
import type { Clock } from '../clock.js';
import { invalidOption } from '../errors.js';
import type { FilterOptions } from '../schema/filters.js';

/** Options of a store in memory: those of every adapter that mean something here. */
export interface MemoryStoreOptions extends Pick<BoundsOptions, 'lockTimeoutSeconds' | 'maxAttempts'> {
  /** Which jobs the store may see and touch. Default: all. Columns that rows do not have are `null`. */
  readonly filters?: FilterOptions;
  /** Whether rows that are deleted are kept, in `jobs_archive` and `allocations_archive`. Default: `false`. */
  readonly archive?: boolean;
  /** Replaces the database's clock: horizons and written times are its. Default: the clock of the database. */
  readonly clock?: Clock;
}

/** What transactions need of the options. */
export type TransactionSettings = Pick<Bounds, 'lockTimeoutSeconds' | 'maxAttempts'>;

/** Fills in the defaults. Throws `INVALID_OPTION` for a number out of its range, and for a mapping. */
export function transactionSettings(options: MemoryStoreOptions): TransactionSettings {
  if ('schema' in options && options.schema !== undefined) {
    throw invalidOption('schema', options.schema, 'leave it out, tables in memory have no other names to map');
  }
  const { lockTimeoutSeconds, maxAttempts } = options;
  return boundsOf({ lockTimeoutSeconds, maxAttempts });
}
