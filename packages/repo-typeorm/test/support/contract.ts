import type { Driven, Layout } from '@jobsweep/contract';
import type { CleanupStore } from '@jobsweep/core';
import { describeDriverOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import type { DataSource, EntityManager } from 'typeorm';
import { type TypeormCleanupRepository, typeormStore } from '../../src/index.js';
import { dataSourceOf, onEach, type Release, type SqlEngine } from './data-source.js';
import { suiteEntities } from './suite-entities.js';

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

/** Describes the contract suite with one release of TypeORM, on each engine of the run. */
export function describeContract(release: Release): void {
  for (const { engine } of onEach.filter((each) => each.release === release)) {
    const connect = async (url: string, layout: Layout) => {
      // One release runs on tables that TypeORM made from entities, the other without any.
      const { schema } = layout;
      const entities = release === 'newest' && Object.keys(layout).length === 0 ? suiteEntities(engine) : {};
      const dataSource = dataSourceOf(engine, url, { release, entities: Object.values(entities) });
      await dataSource.initialize();
      // What works as prepared statements works without, so one of the two is enough.
      const prepare = release === 'oldest' && engine === 'postgres';
      if ('jobs' in entities) await dataSource.synchronize(true);
      return {
        store: (options = {}) => typeormStore(dataSource, { entities, prepare, ...options }),
        driven: drivenBy(
          dataSource,
          typeormStore(dataSource, { entities, prepare, maxAttempts: 1, schema: { ...schema, archive: true } }),
          engine,
        ),
        module,
        close: () => dataSource.destroy(),
      };
    };
    describeDriverOfRun(sqlSubject(`repo-typeorm (${release} TypeORM)`, engine, connect));
  }
}

/** The driver of a store, in its transactions and in those that people begin with TypeORM. */
function drivenBy(
  dataSource: DataSource,
  { repository, transaction }: CleanupStore<EntityManager>,
  engine: SqlEngine,
): Driven<EntityManager> {
  const { driver, context } = repository as TypeormCleanupRepository;
  return {
    driver,
    mapped: context.mapped,
    transaction: (work, isolation) =>
      isolation === undefined
        ? transaction(work)
        : dataSource.transaction(isolation.toUpperCase() as 'READ COMMITTED', work),
    // To PostgreSQL the lowest is another word for the next.
    isolations: [
      ...(engine === 'postgres' ? [] : ['read uncommitted']),
      ...['read committed', 'repeatable read', 'serializable'],
    ],
  };
}
