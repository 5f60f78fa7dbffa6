import { type CreateStrategiesOptions, createStrategies } from '@jobsweep/core';
import { type KnexStoreOptions, openStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import { createDatabase } from '@jobsweep/test-engines';
import { serverUrl } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import tasks from '../jobsweep.config.mjs';
import runs from '../runs.config.mjs';
import { fillTables } from '../tables.mjs';

let database: Awaited<ReturnType<typeof createDatabase>>;
let sql: pg.Client;

beforeEach(async () => {
  database = await createDatabase(serverUrl('postgres'), { prefix: 'airflow' });
  await fillTables(database.url);
  sql = new pg.Client(database.url);
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  await database.drop();
});

const run = async (config: { store: KnexStoreOptions; strategies: CreateStrategiesOptions }) => {
  const { store, close } = await openStore({ url: database.url }, config.store);
  try {
    expect(await store.inspect.schema()).toEqual([]);
    expect(await store.inspect.diagnosis?.unknownStates()).toEqual([]);
    const runner = createRunner({ store, strategies: createStrategies(store, config.strategies), breaker: false });
    return (await runner.runOnce()).strategies;
  } finally {
    await close();
  }
};

type Rows = readonly Readonly<Record<string, unknown>>[];
const rowsOf = async (table: string): Promise<Rows> =>
  (await sql.query<Rows[number]>(`select * from ${table} order by 1, 2, 3, 4`)).rows;
const isOf = (runId: string) => (row: Rows[number]) => row.run_id === runId;

describe('task instances of Airflow', () => {
  test('that run far too long are failed; what runs, waits or is done is as it was', async () => {
    const before = await rowsOf('task_instance');
    await run(tasks);
    const isLost = ({ task_id, map_index }: Rows[number]) => task_id === 'load' && map_index === 0;
    expect(await rowsOf('task_instance')).toEqual(
      before.map((row) =>
        isLost(row) ? { ...row, state: 'failed', end_date: expect.any(Date), updated_at: expect.any(Date) } : row,
      ),
    );
  });

  test('have the time that their DAG may take', async () => {
    await sql.query(`insert into dag_run (id, dag_id, run_id, run_type, state, execution_date)
      values (6, 'backup', 'scheduled__1', 'scheduled', 'running', now())`);
    await sql.query(`insert into task_instance (dag_id, task_id, run_id, map_index, state, start_date)
      values ('backup', 'copy', 'scheduled__1', -1, 'running', now() - interval '4 days')`);
    const [stuck] = await run(tasks);
    expect(stuck?.pass).toMatchObject({ itemsCleaned: 1 });
    expect((await rowsOf('task_instance')).find(({ dag_id }) => dag_id === 'backup')).toMatchObject({
      state: 'running',
    });
  });
});

describe('runs of Airflow', () => {
  test('that people started go past their age with their tasks; scheduled, recent and annotated ones stay', async () => {
    const tables = ['dag_run', 'task_instance', 'xcom', 'task_instance_note'] as const;
    const before = await Promise.all(tables.map(rowsOf));
    const [old] = await run(runs);
    expect(old).toMatchObject({ name: 'old_job_cleanup', holding: 1, pass: { itemsCleaned: 1 } });
    const isGone = isOf('manual__1');
    expect(before.slice(0, 3).every((rows) => rows.some(isGone))).toBe(true);
    expect(await Promise.all(tables.map(rowsOf))).toEqual(before.map((rows) => rows.filter((row) => !isGone(row))));
  });
});
