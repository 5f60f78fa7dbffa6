import { SqlCleanupRepository, type SqlContext, sqlContext } from '@jobsweep/sql';
import type { Knex } from 'knex';
import { dialectOf } from './dialect-of.js';
import { knexLibrary } from './knex-library.js';
import type { KnexStoreOptions } from './options.js';

/**
 * `CleanupRepository` on knex, for people who bring their own transactions; `knexStore` has one inside.
 *
 * @example
 * const repository = new KnexCleanupRepository(knex);
 * await knex.transaction(async (trx) => {
 *   const stuck = await repository.getStuckJobs(trx, 48);
 *   await repository.markJobsAsFailed(trx, stuck, 'Ran for two days');
 * }, { isolationLevel: 'read committed' });
 */
export class KnexCleanupRepository extends SqlCleanupRepository<Knex.Transaction> {
  /**
   * Throws `INVALID_OPTION` for an unsupported database or filters that make no sense, and `INVALID_SCHEMA` for a
   * mapping that contradicts itself.
   *
   * @param context what `knexStore` shares between the repository and its transactions.
   */
  constructor(
    knex: Knex,
    options: Pick<KnexStoreOptions, 'schema' | 'filters' | 'touch' | 'clock'> = {},
    context: SqlContext<Knex.Transaction> = sqlContext(knexLibrary(knex), dialectOf(knex), options),
  ) {
    super(context);
  }
}
