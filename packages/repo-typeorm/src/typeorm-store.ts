import type { CleanupStore } from '@jobsweep/core';
import { sqlContext, sqlStore } from '@jobsweep/sql';
import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from './dialect-of.js';
import { withEntities } from './entities/with-entities.js';
import type { TypeormStoreOptions } from './options.js';
import { TypeormCleanupRepository } from './typeorm-cleanup-repository.js';
import { typeormLibrary } from './typeorm-library.js';

/**
 * A `CleanupStore` on the user's own data source and its pool. Opens nothing and asks nothing until it is used; the
 * data source is initialized by then.
 *
 * Throws `INVALID_OPTION` for a number out of range, filters that make no sense or an unsupported database, and
 * `INVALID_SCHEMA` for a mapping that contradicts itself.
 *
 * @example
 * const dataSource = await new DataSource({ type: 'postgres', url: process.env.PG_URL }).initialize();
 * const store = typeormStore(dataSource, { schema: { jobs: { table: 'batch_jobs' } } });
 * const stuck = await store.transaction((manager) => store.repository.getStuckJobs(manager, 48));
 */
export function typeormStore(dataSource: DataSource, options: TypeormStoreOptions = {}): CleanupStore<EntityManager> {
  return storeOn(dataSource, options);
}

/** The same; `ready` is waited for before each transaction. */
export function storeOn(
  dataSource: DataSource,
  options: TypeormStoreOptions,
  ready?: () => Promise<void>,
): CleanupStore<EntityManager> {
  const resolved = withEntities(dataSource, options);
  const context = sqlContext(typeormLibrary(dataSource, ready), dialectOf(dataSource), resolved);
  return sqlStore(context, new TypeormCleanupRepository(dataSource, options, context), resolved);
}
