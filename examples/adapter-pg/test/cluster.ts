import type { Cluster } from '@jobsweep/contract';
import {
  CLAIM_COLUMNS,
  createService,
  DriverRepository,
  ownTableSet,
  type StoreParts,
  timeColumns,
} from '@jobsweep/core';
import { Client, Pool } from 'pg';
import { PgDriver } from '../src/driver/pg-driver.js';
import { PgCleanupRepository, type PgStoreOptions, PgTransaction, pgStore } from '../src/index.js';
import { applicationOn, otherSideOn } from './application.js';
import { CREATE_TABLES, insert, readAll, timeText } from './tables.js';

const AGE_CLAIMS = `update jobsweep_claims set ${timeColumns(CLAIM_COLUMNS)
  .map((column) => `${column} = ${column} - make_interval(secs => $1)`)
  .join(', ')}`;

/** Opens the suite's cluster on an empty database: the adapter on a pool of its own, and plain connections beside it. */
export async function openCluster(url: string): Promise<Cluster<PgTransaction>> {
  const pool = new Pool({ connectionString: url });
  const [plain, second] = [await connect(url), await connect(url)];
  await plain.query(CREATE_TABLES);
  const { driver, context } = new PgCleanupRepository();
  return {
    store: (options, parts) => ({ ...pgStore(pool, options), ...(parts && brokenBy(parts, pool, options)) }),
    async seed({ jobs = [], allocations = [] }) {
      await insert(plain, 'jobs', jobs);
      await insert(plain, 'allocations', allocations);
    },
    read: () => readAll(plain),
    async clear() {
      await plain.query('delete from resource_allocations; delete from jobs');
    },
    async now() {
      const { rows } = await plain.query<{ now: string }>(`select ${timeText('clock_timestamp()')} as now`);
      return rows[0]?.now ?? '';
    },
    second: await otherSideOn(second, plain),
    own: {
      async drop() {
        await plain.query('drop table if exists jobsweep_claims, jobsweep_history, jobsweep_changes');
      },
      async run(statement) {
        await plain.query(statement);
      },
      async age(seconds) {
        await plain.query(AGE_CLAIMS, [seconds]);
      },
    },
    elsewhere: { module: new URL('../dist/index.js', import.meta.url).href, connection: { url } },
    connect: async () => applicationOn(await connect(url)),
    driven: {
      driver,
      mapped: context.mapped,
      transaction: (work, isolation) =>
        isolation === undefined ? pgStore(pool, { maxAttempts: 1 }).transaction(work) : begun(pool, isolation, work),
      // To PostgreSQL the lowest is another word for READ COMMITTED.
      isolations: ['read committed', 'repeatable read', 'serializable'],
    },
    async close() {
      await Promise.all([pool.end(), plain.end(), second.end()]);
    },
  };
}

/** What of a store is made of other parts, for `describeVariants`. */
function brokenBy({ operations, turns }: StoreParts, pool: Pool, options: PgStoreOptions = {}) {
  const { context } = new PgCleanupRepository(options);
  const { transaction } = pgStore(pool, options);
  const { filters } = context.mapped;
  const repository = new DriverRepository(new PgDriver(options.clock), { filters }, operations);
  return {
    repository,
    ...createService({ driver: new PgDriver(undefined), transaction, tables: ownTableSet(), repository, ...turns }),
  };
}

/** A transaction that people begin themselves. */
async function begun<Result>(
  pool: Pool,
  isolation: string,
  work: (session: PgTransaction) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  await client.query(`begin isolation level ${isolation}`);
  return work(new PgTransaction(client)).finally(async () => {
    await client.query('commit');
    client.release();
  });
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
