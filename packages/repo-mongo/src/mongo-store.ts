import {
  ANSWER_SECONDS,
  type CleanupStore,
  driverArchive,
  inspectionOn,
  type StoreParts,
  supportedStrategies,
} from '@jobsweep/core';
import type { ClientSession, Connection } from 'mongoose';
import { type MongoContext, mongoContext } from './context.js';
import { mongoCatalog } from './inspection/catalog.js';
import { MongoCleanupRepository } from './mongo-cleanup-repository.js';
import type { MongoStoreOptions } from './options.js';
import { archiveCollections } from './service/archive-collections.js';
import { mongoService } from './service/service.js';
import { mongoTransactions } from './session/transactions.js';

/**
 * A `CleanupStore` on the user's own mongoose connection and its pool. Asks nothing until it is used, and waits for the
 * connection to be open then.
 *
 * Throws `INVALID_OPTION` for a value out of its range, and `INVALID_SCHEMA` for a mapping that contradicts itself.
 *
 * @example
 * const connection = await mongoose.createConnection(process.env.MONGO_URL).asPromise();
 * const store = mongoStore(connection, { schema: { jobs: { table: 'batchjobs' } } });
 * const stuck = await store.transaction((session) => store.repository.getStuckJobs(session, 48));
 */
export function mongoStore(connection: Connection, options: MongoStoreOptions = {}): CleanupStore<ClientSession> {
  return storeOn(mongoContext(connection, options));
}

/**
 * The store on a connection, however that is opened.
 *
 * @param parts that differ from the standard: for tests that prove that a rule is tested.
 */
export function storeOn(context: MongoContext, parts: StoreParts = {}): CleanupStore<ClientSession> {
  const { connection, mapping, sessions, settings } = context;
  const repository = new MongoCleanupRepository(connection, {}, context, parts.operations);
  const transaction = mongoTransactions(connection, sessions, settings);
  return {
    repository,
    capabilities: {
      strategies: supportedStrategies(mapping.parts),
      transactions: !settings.allowNonAtomic,
      skipsLocked: false,
      readFence: mapping.fenceField !== null && !settings.allowNonAtomic,
    },
    deadlineSeconds: settings.statementTimeoutMs / 1000 + ANSWER_SECONDS,
    inspect: inspectionOn({
      repository,
      mapping: mapping.parts,
      transaction,
      tables: settings.ownTables,
      catalog: (signal) => mongoCatalog(context, transaction, signal),
    }),
    archive: driverArchive(repository, archiveCollections(context, mapping.mapped.archives)),
    transaction: (work, how) => transaction(work, how),
    ...mongoService(context, repository, transaction, parts.turns),
  };
}
