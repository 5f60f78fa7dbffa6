import { type Clock, type FilterOptions, invalidOption, type SchemaOptions } from '@jobsweep/core';
import type { StatementBounds } from './dialect.js';
import type { OwnTablesOption } from './service/names.js';
import type { TouchOptions } from './touch.js';

/** Options of every store on a SQL database. */
export interface SqlStoreOptions {
  /** How the tables look. Default: `jobs` and `resource_allocations` as the adapter's page shows them. */
  readonly schema?: SchemaOptions;
  /** Which jobs may be seen and touched, and how old they may get. Default: all jobs, and the strategies' limits. */
  readonly filters?: FilterOptions;
  /** Columns of the application that every update keeps current: times of change, versions. Default: none. */
  readonly touch?: TouchOptions;
  /** What jobsweep's own tables are called. Default: `jobsweep_claims` and `jobsweep_history`. */
  readonly ownTables?: OwnTablesOption;
  /** A statement may take this long before it is cancelled. Default: 30. */
  readonly statementTimeoutSeconds?: number;
  /** A statement may wait this long for a lock. Default: 5. */
  readonly lockTimeoutSeconds?: number;
  /** A transaction may be idle this long before the server ends it. Default: 60. */
  readonly idleTimeoutSeconds?: number;
  /** How often a transaction is tried in all when it meets a deadlock, conflict or lock timeout. Default: 3. */
  readonly maxAttempts?: number;
  /** Replaces the database's clock. For tests. */
  readonly clock?: Clock;
}

/** What transactions need of the options. */
export interface TransactionSettings extends StatementBounds {
  readonly maxAttempts: number;
}

const MAX_SECONDS = 86_400;

/** Fills in the defaults. Throws `INVALID_OPTION` for a number out of its range. */
export function transactionSettings(options: SqlStoreOptions): TransactionSettings {
  const settings = {
    statementTimeoutSeconds: options.statementTimeoutSeconds ?? 30,
    lockTimeoutSeconds: options.lockTimeoutSeconds ?? 5,
    idleTimeoutSeconds: options.idleTimeoutSeconds ?? 60,
  };
  for (const [field, value] of Object.entries(settings)) {
    if (!(value > 0 && value <= MAX_SECONDS)) {
      throw invalidOption(field, value, `give seconds above 0 and at most ${MAX_SECONDS}`);
    }
  }
  const { maxAttempts = 3 } = options;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 100) {
    throw invalidOption('maxAttempts', maxAttempts, 'give a whole number from 1 to 100');
  }
  return { ...settings, maxAttempts };
}
