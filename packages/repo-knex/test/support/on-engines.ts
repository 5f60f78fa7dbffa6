import type { CleanupRepository, CleanupStore, Job } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../../src/index.js';

/** The types of an engine, by what columns are for. */
export interface Types {
  /** A time as the adapter takes it that is given by its name alone. */
  readonly time: string;
  /** One without a zone. */
  readonly zoneless: string;
  readonly json: string;
}

const TYPES = {
  postgres: { time: 'timestamptz', zoneless: 'timestamp', json: 'jsonb' },
  others: { time: 'datetime(6)', zoneless: 'datetime(6)', json: 'json' },
} as const;

/** The tables of some system on one engine: emptied before each test, the last one first. */
export interface Tables {
  readonly isPostgres: boolean;
  readonly knex: Knex;
  store(options: KnexStoreOptions): CleanupStore<Knex.Transaction>;
  /** A row as its driver gives it. */
  row(table: string, where: object): Promise<Readonly<Record<string, unknown>>>;
  /** Does something with a repository, in a transaction. */
  within<Result>(
    options: KnexStoreOptions,
    work: (repository: CleanupRepository<Knex.Transaction>, trx: Knex.Transaction) => Promise<Result>,
  ): Promise<Result>;
  /** The jobs that run for more than two days, in pages of one. */
  stuckByOne(options: KnexStoreOptions): Promise<Job[]>;
}

/** Describes what holds of the tables of some system on each engine of the run. */
export function describeOnEngines(
  name: string,
  tables: (types: Types) => Readonly<Record<string, string>>,
  body: (of: Tables) => void,
): void {
  for (const engine of enginesOfRun()) {
    const isPostgres = engine === 'postgres';
    const made = tables(TYPES[isPostgres ? 'postgres' : 'others']);

    describe(`On ${engine}, ${name}`, () => {
      const database = freshDatabase('some-system', engine);
      const open: { knex?: Knex } = {};
      const there = () => {
        if (open.knex === undefined) throw new Error('knex is made in beforeAll');
        return open.knex;
      };

      beforeAll(async () => {
        const client = isPostgres ? 'pg' : 'mysql2';
        open.knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 4 } });
        for (const [table, columns] of Object.entries(made)) await there().raw(`create table ${table} (${columns})`);
      });
      afterAll(() => open.knex?.destroy());
      beforeEach(async () => {
        for (const table of Object.keys(made).reverse()) await there()(table).delete();
      });

      const store = (options: KnexStoreOptions) => knexStore(there(), options);
      const within: Tables['within'] = (options, work) => {
        const { repository, transaction } = store(options);
        return transaction((trx) => work(repository, trx));
      };
      body({
        isPostgres,
        get knex() {
          return there();
        },
        store,
        row: async (table, where) => (await there()(table).where(where))[0] as Record<string, unknown>,
        within,
        stuckByOne: (options) =>
          within(options, async (repository, trx) => {
            const found: Job[] = [];
            for (;;) {
              const after = found.at(-1);
              const [next] = await repository.getStuckJobs(trx, 48, { limit: 1, ...(after && { after }) });
              if (next === undefined) return found;
              found.push(next);
            }
          }),
      });
    });
  }
}
