import {
  ANSWER_SECONDS,
  type CleanupStore,
  driverArchive,
  inspectionOn,
  type RunTransaction,
  supportedStrategies,
  type TurnParts,
} from '@jobsweep/core';
import type { SqlContext } from './context.js';
import { sqlCatalog } from './inspect/catalog.js';
import { measure } from './inspect/measure.js';
import { type SqlStoreOptions, transactionSettings } from './options.js';
import type { SqlCleanupRepository } from './repository.js';
import { archiveTables } from './service/archive-tables.js';
import { sqlOwnTableSet, sqlService } from './service/service.js';
import { Transactions } from './transactions.js';

/**
 * A `CleanupStore` of a library, around its repository. Throws `INVALID_OPTION` for a number out of range, or a name.
 *
 * @param turns parts of claims that differ from the standard: for tests that prove that a rule is tested.
 */
export function sqlStore<Session extends object>(
  context: SqlContext<Session>,
  repository: SqlCleanupRepository<Session>,
  options: SqlStoreOptions,
  turns?: TurnParts,
): CleanupStore<Session> {
  const { library, dialect, sessions, mapping } = context;
  const ownSet = sqlOwnTableSet(options.ownTables, dialect);
  const settings = transactionSettings(options);
  const transactions = new Transactions(library, dialect, sessions, settings);
  const transaction: RunTransaction<Session> = (work, how, own) => transactions.run(work, how, own);
  return {
    repository,
    capabilities: {
      strategies: supportedStrategies(mapping),
      transactions: true,
      skipsLocked: true,
      readFence: true,
    },
    deadlineSeconds: settings.statementTimeoutSeconds + ANSWER_SECONDS,
    inspect: inspectionOn({
      repository,
      mapping,
      transaction,
      tables: ownSet,
      measure: (query, how = {}) =>
        measure(
          (question) => transaction((session) => question(sessions.open(session)), { ...how, readOnly: true }),
          query,
        ),
      catalog: (signal) =>
        sqlCatalog({ context, transaction, lockTimeoutSeconds: settings.lockTimeoutSeconds }, signal),
    }),
    archive: driverArchive(repository, archiveTables(context, repository.context.mapped.archives, transaction)),
    transaction: (work, how) => transaction(work, how),
    ...sqlService(context, repository, transaction, ownSet, turns),
  };
}
