import { describeCleanupStore } from '@jobsweep/contract';
import { enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createNewest from 'knex';
import createOldest from 'knex-oldest';
import { knexStore } from '../../src/index.js';

/** Both ends of the range that the package accepts. To the compiler they are two libraries. */
const RELEASES = { newest: createNewest, oldest: createOldest as unknown as typeof createNewest } as const;

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

/** Describes the contract suite with one release of knex, on each engine of the run. */
export function describeContract(release: keyof typeof RELEASES): void {
  const createKnex = RELEASES[release];
  for (const engine of enginesOfRun()) {
    const client = engine === 'postgres' ? 'pg' : 'mysql2';
    const connect = async (url: string) => {
      const knex = createKnex({ client, connection: url, pool: { min: 0, max: 4 } });
      return { store: (options = {}) => knexStore(knex, options), module, close: () => knex.destroy() };
    };
    const subject = sqlSubject(`repo-knex (${release} knex)`, engine, connect);
    describeCleanupStore({
      ...subject,
      isBrief: release === 'oldest',
    });
  }
}
