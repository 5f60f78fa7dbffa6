import { type CleanupStore, supportedStrategies, withoutOwnTables } from '@jobsweep/core';
import type { SqlContext } from './context.js';
import { inspection } from './inspect/inspection.js';
import { type SqlStoreOptions, transactionSettings } from './options.js';
import type { SqlCleanupRepository } from './repository.js';
import { Transactions } from './transactions.js';

/** A `CleanupStore` of a library, around its repository. Throws `INVALID_OPTION` for a number out of range. */
export function sqlStore<Session extends object>(
  context: SqlContext<Session>,
  repository: SqlCleanupRepository<Session>,
  options: SqlStoreOptions,
): CleanupStore<Session> {
  const { library, tables, sessions } = context;
  const transactions = new Transactions(library, tables.dialect, sessions, transactionSettings(options));
  const transaction: CleanupStore<Session>['transaction'] = (work, how) => transactions.run(work, how);
  return {
    repository,
    capabilities: {
      strategies: supportedStrategies(tables.schema),
      transactions: true,
      skipsLocked: true,
      readFence: true,
    },
    inspect: inspection(context, transactions),
    ...withoutOwnTables(),
    transaction,
  };
}
