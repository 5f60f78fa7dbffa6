import {
  type ContractSubject,
  type Driven,
  describeCleanupStore,
  describeDriver,
  type Layout,
} from '@jobsweep/contract';
import type { CleanupStore, StoreParts } from '@jobsweep/core';
import { SqlCleanupRepository, sqlContext, sqlStore } from '@jobsweep/sql';
import type { EngineName } from '@jobsweep/test-engines';
import { describeDriverOfRun, enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createNewest, { type Knex } from 'knex';
import createOldest from 'knex-oldest';
import { dialectOf } from '../../src/dialect-of.js';
import { type KnexCleanupRepository, type KnexStoreOptions, knexStore } from '../../src/index.js';
import { knexLibrary } from '../../src/knex-library.js';

/** Both ends of the range that the package accepts. To the compiler they are two libraries. */
const RELEASES = { newest: createNewest, oldest: createOldest as unknown as typeof createNewest } as const;

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

/** Longer than the suite lets a driver wait for a lock; one that waits where it should not fails soon. */
const NEVER_FOR_LONG = { maxAttempts: 1, lockTimeoutSeconds: 2 };

/** One release of knex on an engine, for the contract suite. */
export function subjectOf(release: keyof typeof RELEASES, engine: EngineName): ContractSubject<Knex.Transaction> {
  const createKnex = RELEASES[release];
  const client = engine === 'postgres' ? 'pg' : 'mysql2';
  // What works as prepared statements works without, so one of the two is enough.
  const prepare = release === 'oldest' && engine === 'postgres';
  return sqlSubject(`repo-knex (${release} knex)`, engine, async (url: string, { schema }: Layout) => {
    const knex = createKnex({ client, connection: url, pool: { min: 0, max: 4 } });
    return {
      store: (options = {}, parts) =>
        parts ? storeOf(knex, { prepare, ...options }, parts) : knexStore(knex, { prepare, ...options }),
      driven: drivenBy(
        knex,
        knexStore(knex, { ...NEVER_FOR_LONG, prepare, schema: { ...schema, archive: true } }),
        engine,
      ),
      module,
      close: () => knex.destroy(),
    };
  });
}

/** Describes the contract suite with one release of knex, on each engine of the run. */
export function describeContract(release: keyof typeof RELEASES): void {
  for (const engine of enginesOfRun(...(release === 'newest' ? (['tidb'] as const) : []))) {
    const subject = subjectOf(release, engine);
    if (release === 'oldest' || engine === 'tidb') {
      describeDriverOfRun(subject);
    } else {
      describeDriver(subject);
      describeCleanupStore(subject);
    }
  }
}

/** `knexStore`, made of other parts. */
function storeOf(knex: Knex, options: KnexStoreOptions, { operations, turns }: StoreParts) {
  const context = sqlContext(knexLibrary(knex), dialectOf(knex), options);
  return sqlStore(context, new SqlCleanupRepository(context, operations), options, turns);
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
