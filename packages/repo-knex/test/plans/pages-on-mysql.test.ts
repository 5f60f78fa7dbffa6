import { createStrategies, USUAL_STRATEGY_NAMES, type UsualStrategyName } from '@jobsweep/core';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { rowsRead } from './support/rows-read.js';

const DUE = 1000;
const PAGE = 10;

/** What is due of a strategy: the states and the age in days of jobs, and the statuses of the allocations that each has one of. */
const ROWS: Record<
  UsualStrategyName,
  { readonly jobs?: readonly string[]; readonly days: number; readonly held?: readonly string[] }
> = {
  completed_job_cleanup: { jobs: ['COMPLETED', 'FAILED', 'CANCELLED'], days: 1, held: ['ALLOCATED', 'RESERVED'] },
  stale_reservation_cleanup: { jobs: ['RUNNING'], days: 1, held: ['RESERVED'] },
  stuck_job_cleanup: { jobs: ['RUNNING'], days: 9 },
  old_job_cleanup: { jobs: ['COMPLETED', 'FAILED', 'CANCELLED'], days: 90 },
  orphaned_allocation_cleanup: { days: 1, held: ['ALLOCATED', 'RESERVED'] },
};

// Rows that the server has read say more than its plans, which change from release to release. Those of PostgreSQL are in
// indexes.test.ts.
describe.each(enginesOfRun().filter((name) => name !== 'postgres'))(
  'With the advised indexes, on %s, a page of',
  (engine) => {
    const database = freshDatabase('repo-knex-pages', engine);
    let knex: Knex;
    let sql: Plain;

    beforeAll(async () => {
      knex = createKnex({ client: 'mysql2', connection: database.url, pool: { min: 0, max: 1 } });
      sql = await connectPlain(database.url);
      await sql.query(`create table jobs (id bigint primary key, name varchar(20), state varchar(20), start_time datetime(6),
      end_time datetime(6), error_msg text, exit_code varchar(20))`);
      await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint, status varchar(20),
      allocation_time datetime(6), released_time datetime(6))`);
      const { diagnosis } = knexStore(knex).inspect;
      for (const advice of (await diagnosis?.indexes(USUAL_STRATEGY_NAMES)) ?? []) await diagnosis?.createIndex(advice);
    });
    afterAll(async () => {
      await Promise.all([knex.destroy(), sql.close()]);
    });

    /** Makes what is due of one strategy, the oldest with the lowest id. States take turns. */
    const seed = async (name: UsualStrategyName) => {
      const { jobs, days, held } = ROWS[name];
      const digits = Array.from({ length: 10 }, (_, digit) => `select ${digit} as v`).join(' union all ');
      const numbers = (many: number) => `(select 100 * a.v + 10 * b.v + c.v + 1000 * d.v as n
        from (${digits}) as a cross join (${digits}) as b cross join (${digits}) as c cross join (${digits}) as d
        having n < ${many}) as numbers`;
      const time = `utc_timestamp(6) - interval ${days} day + interval n second`;
      const oneOf = (texts: readonly string[]) => `elt(1 + n % ${texts.length}, '${texts.join("', '")}')`;
      for (const table of ['jobs', 'resource_allocations']) await sql.query(`delete from ${table}`);
      // Ten times as many that are not due: of a table that is due as a whole servers read all, index or not.
      await sql.query(`insert into jobs (id, state, start_time, end_time)
        select 100000 + n, 'COMPLETED', utc_timestamp(6), utc_timestamp(6) from ${numbers(10 * DUE)}`);
      await sql.query(`insert into resource_allocations (id, job_id, status, allocation_time)
        select 100000 + n, 100000 + n, 'RELEASED', utc_timestamp(6) from ${numbers(10 * DUE)}`);
      if (jobs !== undefined)
        await sql.query(`insert into jobs (id, state, start_time, end_time)
          select n, ${oneOf(jobs)}, ${time}, ${jobs.includes('RUNNING') ? 'null' : time} from ${numbers(DUE)}`);
      if (held !== undefined)
        await sql.query(`insert into resource_allocations (id, job_id, status, allocation_time)
          select n, n, ${oneOf(held)}, ${time} from ${numbers(DUE)}`);
      await sql.query('analyze table jobs, resource_allocations');
    };

    test.each(USUAL_STRATEGY_NAMES)('%s is in its order, and reads little more than itself', async (name) => {
      await seed(name);
      const store = knexStore(knex);
      const strategy = createStrategies(store).find((each) => each.name === name);
      const read = await store.transaction(async (trx) => {
        const first = (await strategy?.find(trx, { limit: PAGE })) ?? [];
        const before = await rowsRead(trx);
        const second = (await strategy?.find(trx, { limit: PAGE, after: first.at(-1) })) ?? [];
        const round = (await strategy?.find(trx, { limit: 3 * PAGE, upTo: second.at(-1) })) ?? [];
        const rows = (await rowsRead(trx)) - before;
        return { pages: [[...first, ...second], round].map((page) => page.map(({ id }) => Number(id))), rows };
      });
      const ids = Array.from({ length: 2 * PAGE }, (_, id) => id);
      expect(read.pages).toEqual([ids, ids]);
      // A sort would read all that is due.
      expect(read.rows).toBeLessThan(DUE / 2);
    });
  },
);
