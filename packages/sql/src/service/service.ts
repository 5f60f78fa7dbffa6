import {
  type CleanupStore,
  createService,
  type OwnTableSet,
  type OwnTablesOption,
  ownTableSet,
  type RunTransaction,
  type TurnParts,
} from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { Dialect } from '../dialect.js';
import { SqlDriver } from '../driver/sql-driver.js';
import type { SqlCleanupRepository } from '../repository.js';
import { ownTables } from './own-tables.js';

/** PostgreSQL cuts longer names without a word, and indexes are named after their table. */
const MAX_NAME = 48;

/** jobsweep's own tables. Throws `INVALID_OPTION` for a name that no table can have, and for one that both have. */
export const sqlOwnTableSet = (option: OwnTablesOption | undefined, { defaultCodec }: Dialect): OwnTableSet =>
  ownTableSet(option, {
    isName: (name) => name.length <= MAX_NAME && /^[\p{L}_][\p{L}\p{N}_$-]*$/u.test(name),
    fix: `give a name of 1 to ${MAX_NAME} letters, digits, _, $ and -`,
    codec: defaultCodec,
  });

/**
 * Claims, history and the tables they are in. The driver is another one than that of the user's tables: what people tell
 * their library about identifiers is not about these, and runners with different clocks would take turns from each other.
 */
export function sqlService<Session extends object>(
  { sessions, dialect }: Pick<SqlContext<Session>, 'sessions' | 'dialect'>,
  repository: SqlCleanupRepository<Session>,
  transaction: RunTransaction<Session>,
  tables: OwnTableSet,
  turns?: TurnParts,
): Pick<CleanupStore<Session>, 'claims' | 'journal' | 'changes' | 'ownTables'> {
  const driver = new SqlDriver<Session>({
    ...{ dialect, sessions, clock: undefined, first: tables.claims },
    prepares: false,
  });
  return {
    ...createService({ driver, transaction, tables, repository, ...turns }),
    ownTables: ownTables({ dialect, sessions, transaction, tables }),
  };
}
