import { type Driven, describeCleanupStore, describeDriver, type Layout } from '@jobsweep/contract';
import type { CleanupStore } from '@jobsweep/core';
import type { EngineName } from '@jobsweep/test-engines';
import { describeDriverOfRun, enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createNewest, { type Knex } from 'knex';
import createOldest from 'knex-oldest';
import { type KnexCleanupRepository, knexStore } from '../../src/index.js';

/** Both ends of the range that the package accepts. To the compiler they are two libraries. */
const RELEASES = { newest: createNewest, oldest: createOldest as unknown as typeof createNewest } as const;

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

/** Describes the contract suite with one release of knex, on each engine of the run. */
export function describeContract(release: keyof typeof RELEASES): void {
  const createKnex = RELEASES[release];
  for (const engine of enginesOfRun(...(release === 'newest' ? (['tidb'] as const) : []))) {
    const client = engine === 'postgres' ? 'pg' : 'mysql2';
    const connect = async (url: string, { schema }: Layout) => {
      const knex = createKnex({ client, connection: url, pool: { min: 0, max: 4 } });
      return {
        store: (options = {}) => knexStore(knex, options),
        driven: drivenBy(knex, knexStore(knex, { maxAttempts: 1, ...(schema && { schema }) }), engine),
        module,
        close: () => knex.destroy(),
      };
    };
    const subject = sqlSubject(`repo-knex (${release} knex)`, engine, connect);
    if (release === 'oldest' || engine === 'tidb') {
      describeDriverOfRun(subject);
    } else {
      describeDriver(subject);
      describeCleanupStore(subject);
    }
  }
}

const HIGHER = ['read committed', 'repeatable read', 'serializable'];

/** The levels at which people may begin a transaction of their own. */
const ISOLATIONS: { readonly [Engine in EngineName]?: readonly string[] } = {
  // To PostgreSQL the lowest is another word for the next.
  postgres: HIGHER,
  mysql: ['read uncommitted', ...HIGHER],
  mariadb: ['read uncommitted', ...HIGHER],
  tidb: ['read committed', 'repeatable read'],
};

/** The driver of a store, in its transactions and in those that people begin with knex. */
function drivenBy(
  knex: Knex,
  { repository, transaction }: CleanupStore<Knex.Transaction>,
  engine: EngineName,
): Driven<Knex.Transaction> {
  const { driver, context } = repository as KnexCleanupRepository;
  return {
    driver,
    mapped: context.mapped,
    transaction: (work, isolation) =>
      isolation === undefined
        ? transaction(work)
        : knex.transaction(work, { isolationLevel: isolation as Knex.IsolationLevels }),
    isolations: ISOLATIONS[engine] ?? [],
  };
}
