import { describeCleanupStore, type Layout } from '@jobsweep/contract';
import { sqlSubject } from '@jobsweep/test-engines/vitest';
import { typeormStore } from '../../src/index.js';
import { dataSourceOf, onEach, type Release } from './data-source.js';
import { suiteEntities } from './suite-entities.js';

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

/** Describes the contract suite with one release of TypeORM, on each engine of the run. */
export function describeContract(release: Release): void {
  for (const { engine } of onEach.filter((each) => each.release === release)) {
    const connect = async (url: string, layout: Layout) => {
      // One release runs on tables that TypeORM made from entities, the other without any.
      const entities = release === 'newest' && Object.keys(layout).length === 0 ? suiteEntities(engine) : {};
      const dataSource = dataSourceOf(engine, url, { release, entities: Object.values(entities) });
      await dataSource.initialize();
      if ('jobs' in entities) await dataSource.synchronize(true);
      return {
        store: (options = {}) => typeormStore(dataSource, { entities, ...options }),
        module,
        close: () => dataSource.destroy(),
      };
    };
    const subject = sqlSubject(`repo-typeorm (${release} TypeORM)`, engine, connect);
    describeCleanupStore({
      ...subject,
      isBrief: release === 'oldest',
    });
  }
}
