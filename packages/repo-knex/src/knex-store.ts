import type { CleanupStore } from '@jobsweep/core';
import { sqlContext, sqlStore } from '@jobsweep/sql';
import type { Knex } from 'knex';
import { dialectOf } from './dialect-of.js';
import { KnexCleanupRepository } from './knex-cleanup-repository.js';
import { knexLibrary } from './knex-library.js';
import type { KnexStoreOptions } from './options.js';

/**
 * A `CleanupStore` on the user's own knex instance and its pool. Opens nothing and asks nothing until it is used.
 *
 * Throws `INVALID_OPTION` for a number out of range, filters that make no sense or an unsupported database, and
 * `INVALID_SCHEMA` for a mapping that contradicts itself.
 *
 * @example
 * const knex = createKnex({ client: 'pg', connection: process.env.PG_URL });
 * const store = knexStore(knex, { schema: { jobs: { table: 'batch_jobs' } } });
 * const stuck = await store.transaction((trx) => store.repository.getStuckJobs(trx, 48));
 */
export function knexStore(knex: Knex, options: KnexStoreOptions = {}): CleanupStore<Knex.Transaction> {
  const context = sqlContext(knexLibrary(knex), dialectOf(knex), options);
  return sqlStore(context, new KnexCleanupRepository(knex, options, context), options);
}
