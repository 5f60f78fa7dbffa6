import { createStrategies } from '@jobsweep/core';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';
import { rowsRead } from './support/rows-read.js';

const GROUPS = 3;
const DUE = 2000;
const FRESH = 6000;
const PAGE = 10;
const KEPT = 10;

/** For each job of a page the newest of its group, and for each group these, some times; less than there are of any group. */
const MOST_ROWS = 600;

describe.each(enginesOfRun())('With the advised indexes, on %s, the newest jobs', (engine) => {
  const database = freshDatabase('repo-knex-newest', engine);
  const isPostgres = engine === 'postgres';
  let knex: Knex;
  let sql: Plain;

  beforeAll(async () => {
    const client = isPostgres ? 'pg' : 'mysql2';
    knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 1 } });
    sql = await connectPlain(database.url);
    const time = isPostgres ? 'timestamptz' : 'datetime(6)';
    await sql.query(`create table jobs (id bigint primary key, name varchar(40), state varchar(20), start_time ${time},
      end_time ${time}, error_msg text, exit_code varchar(20), tenant integer)`);
    await seed();
  });
  afterAll(async () => {
    await Promise.all([knex.destroy(), sql.close()]);
  });

  /** Jobs that ended one after the other, in turns of each group: some long ago, most of them today. */
  const seed = async () => {
    const jobs = Array.from({ length: DUE + FRESH }, (_job, id) => {
      const end = (id < DUE ? Date.UTC(2020, 0, 1) : Date.now()) + id;
      const group = id % GROUPS;
      return [id, `group ${group}`, 'COMPLETED', sql.timeValue(new Date(end).toISOString()), group];
    });
    const rows = jobs.map(() => '(?, ?, ?, ?, ?)').join(', ');
    await sql.query(`insert into jobs (id, name, state, end_time, tenant) values ${rows}`, jobs.flat());
    await sql.query(isPostgres ? 'analyze jobs' : 'analyze table jobs');
  };

  test.each([{ per: 'all' as const }, { per: 'name' as const }, { per: { column: 'tenant' } }])(
    'per $per are found, and looked at again, by reading them and little else',
    async ({ per }) => {
      const store = knexStore(knex, { schema: { allocations: null }, filters: { keepNewest: { count: KEPT, per } } });
      const { diagnosis } = store.inspect;
      for (const advice of (await diagnosis?.indexes(['old_job_cleanup'])) ?? []) await diagnosis?.createIndex(advice);
      const strategy = createStrategies(store).find(({ name }) => name === 'old_job_cleanup');
      const trx = await knex.transaction({ isolationLevel: 'read committed' });
      try {
        const before = await rowsRead(trx);
        const rows = (await strategy?.find(trx, { limit: PAGE })) ?? [];
        const found = (await rowsRead(trx)) - before;
        expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: PAGE }, (_, id) => id));
        await strategy?.cleanup(trx, { rows });
        const looked = (await rowsRead(trx)) - before - found;
        expect(found).toBeLessThan(MOST_ROWS);
        expect(looked).toBeLessThan(MOST_ROWS);
      } finally {
        await trx.rollback();
      }
    },
  );
});
