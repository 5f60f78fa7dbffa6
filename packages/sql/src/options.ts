import {
  type Bounds,
  type BoundsOptions,
  boundsOf,
  type Clock,
  type FilterOptions,
  type OwnTablesOption,
  type SchemaOptions,
} from '@jobsweep/core';
import type { TouchOptions } from './touch.js';

/** Options of every store on a SQL database. */
export interface SqlStoreOptions extends BoundsOptions {
  /** How the tables look. Default: `jobs` and `resource_allocations` as the adapter's page shows them. */
  readonly schema?: SchemaOptions;
  /** Which jobs may be seen and touched, and how old they may get. Default: all jobs, and the strategies' limits. */
  readonly filters?: FilterOptions;
  /** Columns of the application that every update keeps current: times of change, versions. Default: none. */
  readonly touch?: TouchOptions;
  /**
   * Whether PostgreSQL keeps the statements that look rows up by their keys as prepared, some dozens on each connection: batches
   * take less of the server's time. Not through a pooler that gives each transaction another connection and knows nothing of
   * prepared statements. Default: `false`.
   */
  readonly prepare?: boolean;
  /** What jobsweep's own tables are called. Default: `jobsweep_claims`, `jobsweep_history` and `jobsweep_changes`. */
  readonly ownTables?: OwnTablesOption;
  /** Replaces the database's clock. For tests. */
  readonly clock?: Clock;
}

/** What transactions need of the options. Throws `INVALID_OPTION` for a number out of its range. */
export function transactionSettings(options: SqlStoreOptions): Bounds {
  const { statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds, maxAttempts } = options;
  return boundsOf({ statementTimeoutSeconds, lockTimeoutSeconds, idleTimeoutSeconds, maxAttempts });
}
