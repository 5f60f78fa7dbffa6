import { type CreateStrategiesOptions, createStrategies } from '@jobsweep/core';
import { type KnexStoreOptions, knexStore, openStore } from '@jobsweep/repo-knex';
import { createRunner } from '@jobsweep/runner';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex from 'knex';
import pg from 'pg';
import type PgBoss from 'pg-boss';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import archive from '../archive.config.mjs';
import config from '../jobsweep.config.mjs';
import { fillQueues, id, startBoss } from '../queues.mjs';

const database = freshDatabase('pg-boss');
const options: KnexStoreOptions = config.store;
let boss: PgBoss;
let sql: pg.Client;

beforeEach(async () => {
  boss = await startBoss(database.url);
  await fillQueues(boss, database.url);
  sql = new pg.Client(database.url);
  await sql.connect();
});
afterEach(async () => {
  await boss.stop({ graceful: false });
  await sql.query('drop schema pgboss cascade');
  await sql.end();
});

interface Attached {
  readonly store: KnexStoreOptions;
  readonly strategies: CreateStrategiesOptions;
}

const run = async ({ store: given, strategies }: Attached, dryRun = false) => {
  const { store, close } = await openStore({ url: database.url }, given);
  const runner = createRunner({ store, strategies: createStrategies(store, strategies) });
  return (await runner.runOnce({ dryRun }).finally(close)).strategies;
};
const findings = async (given: KnexStoreOptions) => {
  const { store, close } = await openStore({ url: database.url }, given);
  return store.inspect.schema().finally(close);
};

describe('the jobs of pg-boss', () => {
  test('fit the mapping within one queue', async () => {
    expect(await findings(options)).toEqual([]);
  });

  test('do not fit it across queues, where two jobs may have the same id', async () => {
    expect(await findings({ ...options, filters: {} })).toMatchObject([
      {
        path: 'schema.jobs.columns.id',
        fix: expect.stringMatching(/^Name the whole key there .*, or give filters.scope one value of name/),
      },
    ]);
  });

  test('do not take a message, since their output is jsonb', async () => {
    const { jobs } = config.store.schema;
    const columns = { ...jobs.columns, errorMsg: 'output' };
    expect(await findings({ ...options, schema: { jobs: { ...jobs, columns }, allocations: null } })).toMatchObject([
      { path: 'schema.jobs.columns.errorMsg', problem: 'The column is of type jsonb, which holds no text' },
    ]);
  });

  test('show the one that hangs in a plan, which writes nothing', async () => {
    const before = await rowsOf('job');
    const [stuck] = await run(config, true);
    expect(stuck?.plan).toMatchObject({ due: 1, samples: [{ id: id(1), description: `Stuck job ${id(1)} (mail)` }] });
    expect(await rowsOf('job')).toEqual(before);
  });

  test('that hang are failed, for pg-boss too, and all others are as they were', async () => {
    const before = await rowsOf('job');
    const [stuck] = await run(config);
    expect(stuck?.pass).toMatchObject({ itemsCleaned: 1, stopReason: 'drained' });
    expect(await changesSince(before, 'job')).toEqual({
      [`mail/${id(1)}`]: { state: 'failed', completed_on: expect.any(Date) },
    });
    expect(await boss.getJobById('mail', id(1))).toMatchObject({ state: 'failed', output: null });
  });

  test('are not ended twice: the worker that comes back later completes nothing', async () => {
    await run(config);
    await boss.complete('mail', id(1));
    expect(await boss.getJobById('mail', id(1))).toMatchObject({ state: 'failed' });
  });

  test('can be sent to work again by pg-boss, and then run anew', async () => {
    await run(config);
    await boss.retry('mail', id(1));
    await boss.fetch('mail', { batchSize: 9 });
    expect(await boss.getJobById('mail', id(1))).toMatchObject({ state: 'active' });
    const [stuck] = await run(config);
    expect(stuck).toMatchObject({ status: 'skipped' });
  });

  test('go the way of pg-boss where it does its own maintenance: to a retry, and nothing is left to fail', async () => {
    await boss.maintain();
    expect(await boss.getJobById('mail', id(1))).toMatchObject({ state: 'retry' });
    const [stuck] = await run(config);
    expect(stuck).toMatchObject({ status: 'skipped' });
  });

  test('are handled by one of the two when both come at once: the second waits, and finds the job ended', async () => {
    const { store, close } = await openStore({ url: database.url }, options);
    const { repository, transaction } = store;
    let maintained: Promise<void> | undefined;
    await transaction(async (trx) => {
      await repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 24), 'hangs');
      maintained = boss.maintain();
      await vi.waitUntil(isSomebodyWaiting, { timeout: 10_000 });
    });
    await maintained;
    await close();
    expect(await boss.getJobById('mail', id(1))).toMatchObject({ state: 'failed', retryCount: 0 });
    const { rows } = await sql.query<{ to: number }>(
      "select (data ->> 'to')::int as to from pgboss.job where name = 'mail-failed' order by 1",
    );
    expect(rows.map(({ to }) => to)).toEqual([12, 13]);
  });

  test('are left to pg-boss while it holds them', async () => {
    await sql.query(`begin; select from pgboss.job where name = 'mail' and id = '${id(1)}' for update`);
    const [stuck] = await run(config).finally(() => sql.query('rollback'));
    expect(stuck?.pass).toMatchObject({ itemsCleaned: 0, itemsContended: 1 });
  });

  test('are looked for and written in the partition of their queue alone, by its primary key', async () => {
    const knex = createKnex({ client: 'pg', connection: database.url });
    const asked: { sql: string; bindings: unknown[] }[] = [];
    knex.on('query', (query: { sql: string; bindings: unknown[] }) => {
      // Its bounds may come before a statement, in the same round trip.
      const { bindings, sql: text } = query;
      const isAsked = text.includes('"pgboss"."job"') && !text.includes('pg_typeof("t"');
      if (isAsked) asked.push({ bindings, sql: text.slice(text.lastIndexOf('; ') + 1) });
    });
    const { repository, transaction } = knexStore(knex, options);
    await transaction(async (trx) => repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 24), 'hangs'));
    await knex.destroy();
    expect(asked).toHaveLength(3);
    await sql.query('set enable_seqscan = off');
    for (const { sql: text, bindings } of asked) {
      const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`explain ${text}`, bindings);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan.match(/Scan/g)).toHaveLength(1);
      expect(plan).toMatch(/Index Scan using (\w+)_pkey[\s\S]*Index Cond: [^\n]*name = 'mail'/);
    }
  });
});

describe('the archive of pg-boss', () => {
  test('fits the same mapping', async () => {
    expect(await findings(archive.store)).toEqual([]);
  });

  test('loses what is past the time of its final state, and nothing else', async () => {
    const before = await rowsOf('archive');
    expect(Object.values(before).map(({ state }) => state)).toEqual(['completed', 'failed', 'failed', 'cancelled']);
    const reports = await run(archive);
    expect(reports.find(({ name }) => name === 'old_job_cleanup')?.pass).toMatchObject({ itemsCleaned: 3 });
    expect(await changesSince(before, 'archive')).toEqual({
      [`mail/${id(11)}`]: 'deleted',
      [`mail/${id(13)}`]: 'deleted',
      [`mail/${id(14)}`]: 'deleted',
    });
  });
});

async function isSomebodyWaiting(): Promise<boolean> {
  const { rowCount } = await sql.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rowCount === 1;
}

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every row of a table of pg-boss by queue and id, read with the plain driver. */
async function rowsOf(table: 'job' | 'archive'): Promise<Rows> {
  const { rows } = await sql.query<Record<string, unknown>>(`select * from pgboss.${table} order by name, id`);
  return Object.fromEntries(rows.map((row) => [`${String(row.name)}/${String(row.id)}`, row]));
}

/** The new values of what differs; a row that is gone is `deleted`. */
async function changesSince(before: Rows, table: 'job' | 'archive'): Promise<Record<string, unknown>> {
  const after = await rowsOf(table);
  const changes: Record<string, unknown> = {};
  for (const [key, old] of Object.entries(before)) {
    const changed = Object.entries(after[key] ?? {}).filter(
      ([column, value]) => JSON.stringify(value) !== JSON.stringify(old[column]),
    );
    if (after[key] === undefined) changes[key] = 'deleted';
    else if (changed.length > 0) changes[key] = Object.fromEntries(changed);
  }
  return changes;
}
