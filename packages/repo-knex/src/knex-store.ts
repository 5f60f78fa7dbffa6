import { type CleanupStore, supportedStrategies } from '@jobsweep/core';
import type { Knex } from 'knex';
import { contextOf } from './context.js';
import { inspection } from './inspect.js';
import { type KnexStoreOptions, transactionSettings } from './options.js';
import { KnexCleanupRepository } from './repository.js';
import { Transactions } from './transactions.js';

/**
 * A `CleanupStore` on the user's own knex instance and its pool. Opens nothing and asks nothing until it is used.
 *
 * Throws `INVALID_OPTION` for a number out of range or an unsupported database, and `INVALID_SCHEMA` for a mapping
 * that contradicts itself.
 *
 * @example
 * const knex = createKnex({ client: 'pg', connection: process.env.PG_URL });
 * const store = knexStore(knex, { schema: { jobs: { table: 'batch_jobs' } } });
 * const stuck = await store.transaction((trx) => store.repository.getStuckJobs(trx, 48));
 */
export function knexStore(knex: Knex, options: KnexStoreOptions = {}): CleanupStore<Knex.Transaction> {
  const settings = transactionSettings(options);
  const context = contextOf(knex, options);
  const { tables, sessions } = context;
  const transactions = new Transactions(knex, tables.dialect, sessions, settings);
  const transaction: CleanupStore<Knex.Transaction>['transaction'] = (work, how) => transactions.run(work, how);
  return {
    repository: new KnexCleanupRepository(knex, options, context),
    capabilities: {
      strategies: supportedStrategies(tables.schema),
      transactions: true,
      skipsLocked: true,
      readFence: true,
    },
    inspect: inspection(tables, transaction),
    transaction,
  };
}
