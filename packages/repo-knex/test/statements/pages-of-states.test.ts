import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const DUE = 3000;
const PAGE = 10;

interface Handler {
  readonly Value: string;
}

// PostgreSQL has one partial index for all finished states: see plans/indexes.test.ts.
for (const engine of enginesOfRun().filter((name) => name !== 'postgres')) {
  describe(`On ${engine}, a page of jobs in three states`, () => {
    const database = freshDatabase('repo-knex-pages', engine);
    let knex: Knex;
    let sql: Plain;

    beforeAll(async () => {
      knex = createKnex({ client: 'mysql2', connection: database.url, pool: { min: 0, max: 1 } });
      sql = await connectPlain(database.url);
      await sql.query(`create table jobs (id bigint primary key, name varchar(20), state varchar(20), start_time datetime(6),
        end_time datetime(6), error_msg text, exit_code varchar(20))`);
      await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint, status varchar(20),
        allocation_time datetime(6), released_time datetime(6), key (job_id))`);
      await sql.query('alter table jobs add index jobsweep_jobs_finished (state, end_time, id)');
      const digits = Array.from({ length: 10 }, (_, digit) => `select ${digit} as v`).join(' union all ');
      const number = '100 * a.v + 10 * b.v + c.v';
      const from = `from (${digits}) as a cross join (${digits}) as b cross join (${digits}) as c`;
      for (const [place, state] of ['COMPLETED', 'FAILED', 'CANCELLED'].entries()) {
        await sql.query(`insert into jobs (id, state, end_time) select 3 * (${number}) + ${place}, '${state}',
          utc_timestamp(6) - interval 90 day + interval (${number}) second ${from}`);
      }
      await sql.query('analyze table jobs');
    });
    afterAll(async () => {
      await Promise.all([knex.destroy(), sql.close()]);
    });

    test('has them in the order of their ends, and reads little more than the page', async () => {
      const { repository, transaction } = knexStore(knex);
      const handled = async (trx: Knex.Transaction) => {
        const [rows] = await trx.raw<readonly (readonly Handler[])[]>("show session status like 'Handler_read%'");
        return (rows ?? []).reduce((sum, { Value }) => sum + Number(Value), 0);
      };
      const read = await transaction(async (trx) => {
        const first = await repository.getOldJobs(trx, 30, { limit: PAGE });
        const before = await handled(trx);
        const second = await repository.getOldJobs(trx, 30, { limit: PAGE, after: first.at(-1) });
        return { ids: [...first, ...second].map(({ id }) => Number(id)), rows: (await handled(trx)) - before };
      });
      expect(read.ids).toEqual(Array.from({ length: 2 * PAGE }, (_, id) => id));
      // A sort would read all that is due.
      expect(read.rows).toBeLessThan(DUE / 5);
    });
  });
}
