import { readFileSync } from 'node:fs';
import { createStrategies, type PassResult } from '@jobsweep/core';
import { type KnexStoreOptions, openStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import config from '../jobsweep.config.mjs';

const TABLES = ['runs', 'leases', 'films'];
const sqlOf = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const database = freshDatabase('render');
let sql: pg.Client;
let opened: Awaited<ReturnType<typeof openStore>>;

beforeEach(async () => {
  sql = new pg.Client(database.url);
  await sql.connect();
  await sql.query(sqlOf('schema.sql'));
  await sql.query(sqlOf('rows.sql'));
  opened = await openStore({ url: database.url }, config.store as KnexStoreOptions);
});
afterEach(async () => {
  await opened.close();
  await sql.query('drop schema render cascade');
  await sql.end();
});

const run = async (dryRun = false) => {
  const strategies = createStrategies(opened.store, config.strategies);
  return (await createRunner({ store: opened.store, strategies }).runOnce({ dryRun })).strategies;
};

test('the tables fit the mapping, and all four strategies are there', async () => {
  expect(await opened.store.inspect.schema()).toEqual([]);
  expect(opened.store.capabilities.strategies).toHaveLength(4);
});

test('a plan counts what is due, and writes nothing', async () => {
  const before = await rows();
  const due = (await run(true)).map(({ name, plan }) => [name, plan?.due]);
  expect(Object.fromEntries(due)).toEqual({
    completed_job_cleanup: 1,
    stale_reservation_cleanup: 1,
    stuck_job_cleanup: 1,
    old_job_cleanup: 2,
  });
  expect(await rows()).toEqual(before);
});

test('a run repairs just that, in whole milliseconds, and the columns that follow every update follow', async () => {
  const before = await rows();
  const began = await serverMillis();
  await run();
  const now = expect.toSatisfy((value) => Number(value) >= began && Number(value) < began + 60_000);
  const failed = { phase: 4, ended_ms: now, changed_ms: now, revision: 1 };
  const released = { status: 30, until_ms: now };
  expect(await changesSince(before)).toEqual({
    'runs/1': { ...failed, reason: expect.stringContaining('exceeded the maximum run time') },
    'runs/5': { ...failed, reason: expect.stringContaining('reservation timed out') },
    'runs/7': 'deleted',
    [`leases/${lease(1)}`]: released,
    [`leases/${lease(5)}`]: released,
    [`leases/${lease(6)}`]: released,
    [`leases/${lease(7)}`]: 'deleted',
  });
});

test('a run that something else refers to is passed over, and reported by its constraint', async () => {
  const reports = await run();
  const pass: PassResult | undefined = reports.find(({ name }) => name === 'old_job_cleanup')?.pass;
  expect(pass).toMatchObject({ itemsCleaned: 1, blocked: [{ id: '9', constraint: 'films_run_fkey' }] });
});

const lease = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every row of every table, read with the plain driver. */
async function rows(): Promise<Rows> {
  const all: Record<string, Record<string, unknown>> = {};
  for (const table of TABLES) {
    const result = await sql.query<Record<string, unknown>>(`select * from render.${table}`);
    for (const row of result.rows) all[`${table}/${String(row.id)}`] = row;
  }
  return all;
}

/** The new values of what differs; a row that is gone is `deleted`. */
async function changesSince(before: Rows): Promise<Record<string, unknown>> {
  const after = await rows();
  const changes: Record<string, unknown> = {};
  for (const [key, old] of Object.entries(before)) {
    const changed = Object.entries(after[key] ?? {}).filter(([column, value]) => value !== old[column]);
    if (after[key] === undefined) changes[key] = 'deleted';
    else if (changed.length > 0) changes[key] = Object.fromEntries(changed);
  }
  return changes;
}

async function serverMillis(): Promise<number> {
  const query = 'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now';
  const { rows: found } = await sql.query<{ now: number }>(query);
  return found[0]?.now ?? Number.NaN;
}
