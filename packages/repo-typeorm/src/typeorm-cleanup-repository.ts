import { SqlCleanupRepository, type SqlContext, sqlContext } from '@jobsweep/sql';
import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from './dialect-of.js';
import { withEntities } from './entities/with-entities.js';
import type { TypeormStoreOptions } from './options.js';
import { typeormLibrary } from './typeorm-library.js';

/**
 * `CleanupRepository` on TypeORM, for people who bring their own transactions; `typeormStore` has one inside.
 *
 * @example
 * const repository = new TypeormCleanupRepository(dataSource);
 * await dataSource.transaction('READ COMMITTED', async (manager) => {
 *   const stuck = await repository.getStuckJobs(manager, 48);
 *   await repository.markJobsAsFailed(manager, stuck, 'Ran for two days');
 * });
 */
export class TypeormCleanupRepository extends SqlCleanupRepository<EntityManager> {
  /**
   * Throws `INVALID_OPTION` for an unsupported database or filters that make no sense, and `INVALID_SCHEMA` for a
   * mapping that contradicts itself.
   *
   * @param context what `typeormStore` shares between the repository and its transactions.
   */
  constructor(
    dataSource: DataSource,
    options: Pick<TypeormStoreOptions, 'schema' | 'entities' | 'filters' | 'touch' | 'clock'> = {},
    context: SqlContext<EntityManager> = sqlContext(
      typeormLibrary(dataSource),
      dialectOf(dataSource),
      withEntities(dataSource, options),
    ),
  ) {
    super(context);
  }
}
