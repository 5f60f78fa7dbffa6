import { OldJobCleanupStrategy, runPass } from '@jobsweep/core';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

describe.each(enginesOfRun())('On %s, old jobs that are retries of others', (engine) => {
  const database = freshDatabase('retries', engine);
  let sql: Plain;

  beforeAll(async () => {
    sql = await connectPlain(database.url);
    const [time, text] = engine === 'postgres' ? ['timestamptz', 'text'] : ['datetime(6)', 'varchar(40)'];
    await sql.query(`create table jobs (id bigint primary key, name ${text}, state ${text}, start_time ${time},
      end_time ${time}, error_msg ${text}, exit_code ${text}, retry_of bigint, foreign key (retry_of) references jobs (id))`);
    await sql.query(`create table resource_allocations (id bigint primary key, job_id bigint, status ${text},
      allocation_time ${time}, released_time ${time})`);
    for (const id of [1, 2, 3, 4]) {
      await sql.query(`insert into jobs (id, state, end_time, retry_of) values (?, 'FAILED', ?, ?)`, [
        id,
        `2020-01-0${id} 00:00:00`,
        id === 1 ? null : id - 1,
      ]);
    }
  });
  afterAll(() => sql.close());

  test('go in one batch with those that they refer to', async () => {
    const client = engine === 'postgres' ? 'pg' : 'mysql2';
    const knex = createKnex({ client, connection: database.url, pool: { min: 0, max: 2 } });
    const store = knexStore(knex);
    const pass = await runPass(store, new OldJobCleanupStrategy(store.repository));
    await knex.destroy();
    expect(pass).toMatchObject({ itemsCleaned: 4, itemsBlocked: 0, batches: 1 });
    expect(await sql.query('select id from jobs')).toEqual([]);
  });
});
