import { createStrategies } from '@jobsweep/core';
import { type KnexStoreOptions, openStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import { createDatabase } from '@jobsweep/test-engines';
import { serverUrl } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import config from '../jobsweep.config.mjs';
import { fillTables } from '../tables.mjs';

describe.each([
  { name: 'with foreign keys that cascade', hasForeignKeys: true },
  { name: 'without foreign keys', hasForeignKeys: false },
])('the executions of n8n $name', ({ hasForeignKeys }) => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let sql: pg.Client;

  beforeEach(async () => {
    database = await createDatabase(serverUrl('postgres'), { prefix: 'n8n' });
    await fillTables(database.url, { hasForeignKeys });
    sql = new pg.Client(database.url);
    await sql.connect();
  });
  afterEach(async () => {
    await sql.end();
    await database.drop();
  });

  const run = async () => {
    const options: KnexStoreOptions = config.store;
    const { store, close } = await openStore({ url: database.url }, options);
    try {
      expect(await store.inspect.schema()).toEqual([]);
      const runner = createRunner({ store, strategies: createStrategies(store, config.strategies), breaker: false });
      return (await runner.runOnce()).strategies;
    } finally {
      await close();
    }
  };
  const numbersIn = async (statement: string) => (await sql.query<{ id: number }>(statement)).rows.map(({ id }) => id);

  test('that a crash left open are crashed; what waits, is queued or runs is not touched', async () => {
    const query = `select id, status, "stoppedAt" is not null as stopped from execution_entity where id < 6 order by id`;
    await run();
    expect((await sql.query(query)).rows).toEqual([
      { id: 1, status: 'crashed', stopped: true },
      { id: 2, status: 'crashed', stopped: true },
      { id: 3, status: 'running', stopped: false },
      { id: 4, status: 'waiting', stopped: false },
      { id: 5, status: 'new', stopped: false },
    ]);
  });

  test('go past their age with all that hangs on them, and stay where somebody annotated them', async () => {
    const reports = await run();
    expect(reports.find(({ name }) => name === 'old_job_cleanup')).toMatchObject({
      holding: 1,
      pass: { itemsCleaned: 1 },
    });
    expect(await numbersIn('select id from execution_entity where id > 5 order by id')).toEqual([7, 8]);
    expect(
      await numbersIn('select "executionId" as id from execution_data where "executionId" > 5 order by 1'),
    ).toEqual([7, 8]);
    expect(await numbersIn('select "executionId" as id from execution_metadata order by 1')).toEqual([8]);
    expect(await numbersIn('select "executionId" as id from execution_annotations')).toEqual([7]);
  });
});
