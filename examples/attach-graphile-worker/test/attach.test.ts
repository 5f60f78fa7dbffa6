import { createStrategies } from '@jobsweep/core';
import { type KnexStoreOptions, openStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import { createDatabase } from '@jobsweep/test-engines';
import { serverUrl } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import config from '../jobsweep.config.mjs';
import { fillQueue, work } from '../queue.mjs';

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: pg.Client;

beforeEach(async () => {
  database = await createDatabase(serverUrl('postgres'), { prefix: 'graphile-worker' });
  await fillQueue(database.url);
  sql = new pg.Client(database.url);
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  await database.drop();
});

const run = async (dryRun = false) => {
  const options: KnexStoreOptions = config.store;
  const { store, close } = await openStore({ url: database.url }, options);
  try {
    expect(await store.inspect.schema()).toEqual([]);
    const runner = createRunner({ store, strategies: createStrategies(store, config.strategies) });
    return (await runner.runOnce({ dryRun })).strategies;
  } finally {
    await close();
  }
};

/** All jobs, read with the plain driver. */
const jobs = async () =>
  (await sql.query<{ id: string }>('select * from graphile_worker._private_jobs order by id')).rows;
const without = (rows: readonly { id: string }[], ...ids: string[]) => rows.filter(({ id }) => !ids.includes(id));

describe('the jobs of Graphile Worker', () => {
  test('that failed for good are planned when they are past their age, and nothing is written', async () => {
    const before = await jobs();
    expect(await run(true)).toMatchObject([{ name: 'old_job_cleanup', plan: { due: 2 } }]);
    expect(await jobs()).toEqual(before);
  });

  test('are deleted then; those that wait, run or are locked are as they were', async () => {
    const before = await jobs();
    await run();
    expect(await jobs()).toEqual(without(before, '1', '7'));
  });

  test('stay where somebody is sending them to work again, and are worked off', async () => {
    await sql.query('begin');
    await sql.query('select from graphile_worker.reschedule_jobs(array[1], run_at := now(), attempts := 0::smallint)');
    await run();
    await sql.query('commit');
    expect((await jobs()).map(({ id }) => id)).toContain('1');
    await work(database.url);
    expect(await jobs()).toContainEqual(expect.objectContaining({ id: '1', attempts: 1, is_available: false }));
  });
});
