import { describeCleanupStore } from '@jobsweep/contract';
import { enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import { typeormStore } from '../src/index.js';
import { dataSourceOf, RELEASES } from './support/data-source.js';

for (const release of RELEASES) {
  for (const engine of enginesOfRun()) {
    const connect = async (url: string) => {
      const dataSource = await dataSourceOf(url, { release }).initialize();
      return { store: (options = {}) => typeormStore(dataSource, options), close: () => dataSource.destroy() };
    };
    describeCleanupStore(sqlSubject(`repo-typeorm (${release} TypeORM)`, engine, connect));
  }
}
