import {
  type Bounds,
  boundsOf,
  type Clock,
  type FilterOptions,
  invalidOption,
  type OwnTableSet,
  type OwnTablesOption,
  type SchemaOptions,
} from '@jobsweep/core';
import type { UserModel } from './mapping/model.js';
import { mongoOwnTableSet } from './service/own-table-set.js';
import { ID_TYPES, type IdType } from './values/ids.js';

/** Options of `MongoCleanupRepository`. */
export interface MongoRepositoryOptions {
  /** How the collections look. Default: `jobs` and `resource_allocations` as docs/repo-mongo.md shows them. */
  readonly schema?: SchemaOptions;
  /** Which jobs may be seen and touched, and how old they may get. Default: all jobs, and the strategies' limits. */
  readonly filters?: FilterOptions;
  /**
   * Models of your own in place of collection names. Their collection, the types of their ids, discriminator key,
   * `updatedAt` and version key are followed. Default: none.
   */
  readonly models?: { readonly jobs?: UserModel; readonly allocations?: UserModel };
  /** What ids are, for rows that are made by hand. Default: that of the models, else each row by itself. */
  readonly idType?: IdType;
  /**
   * The field of a job that is incremented when a write relies on the job and does not change it, so that whoever
   * changes the job meanwhile gets a conflict. `null`: there is none. Default: `fence`.
   */
  readonly fenceField?: string | null;
  /** Works also on a server without transactions, with what docs/repo-mongo.md says remains possible. Default: `false`. */
  readonly allowNonAtomic?: boolean;
  /** A command may take this long before it is cancelled. Default: 30. */
  readonly statementTimeoutSeconds?: number;
  /** Replaces the database's clock. For tests. */
  readonly clock?: Clock;
}

/** Options of `mongoStore`. */
export interface MongoStoreOptions extends MongoRepositoryOptions {
  /** The names of jobsweep's own collections. Default: `jobsweep_claims`, `jobsweep_history` and `jobsweep_changes`. */
  readonly ownTables?: Omit<OwnTablesOption, 'schema'>;
  /**
   * A transaction in which nothing was asked of the server for so long is not committed, and tried again. Default: 60,
   * which is also what the server itself allows a transaction by default, from its beginning to its end.
   */
  readonly idleTimeoutSeconds?: number;
  /** How often a transaction is tried in all when it meets a conflict or a failover. Default: 3. */
  readonly maxAttempts?: number;
}

/** The numbers of the options, with their defaults. */
export interface Settings {
  readonly bounds: Bounds;
  readonly statementTimeoutMs: number;
  readonly allowNonAtomic: boolean;
  readonly ownTables: OwnTableSet;
}

/** Fills in the defaults. Throws `INVALID_OPTION` for a value out of its range. */
export function settingsOf(options: MongoStoreOptions): Settings {
  const { statementTimeoutSeconds, idleTimeoutSeconds, maxAttempts, allowNonAtomic = false, idType } = options;
  const bounds = boundsOf({ statementTimeoutSeconds, idleTimeoutSeconds, maxAttempts });
  if (idType !== undefined && !ID_TYPES.includes(idType)) {
    throw invalidOption('idType', idType, `use one of ${ID_TYPES.join(', ')}, or leave it out`);
  }
  return {
    bounds,
    statementTimeoutMs: Math.ceil(bounds.statementTimeoutSeconds * 1000),
    allowNonAtomic,
    ownTables: mongoOwnTableSet(options.ownTables),
  };
}
