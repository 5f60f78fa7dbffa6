import { createStrategies, runPass } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const database = freshDatabase('prepared');
let knex: Knex;

beforeAll(async () => {
  // One connection, whose prepared statements are all that there are.
  knex = createKnex({ client: 'pg', connection: database.url, pool: { min: 1, max: 1 } });
  await knex.raw(`
    create table jobs (id bigint primary key, name text, state text not null, start_time timestamptz, end_time timestamptz,
      error_msg text, exit_code text);
    create table resource_allocations (id bigint primary key, job_id bigint, status text, allocation_time timestamptz,
      released_time timestamptz)`);
});
afterAll(() => knex.destroy());

/** Runs all strategies on the same damage in batches of so many rows: what each has cleaned, and what the server keeps by then. */
async function passes(prepare: boolean, batchRows: number) {
  await knex.raw(`
    truncate jobs, resource_allocations;
    insert into jobs select id, 'job', case when id <= 20 then 'RUNNING' else 'FAILED' end, now() - interval '90 days',
      case when id > 20 then now() - interval '80 days' end from generate_series(1, 40) id;
    insert into resource_allocations select id, id, case when id <= 10 then 'RESERVED' else 'ALLOCATED' end,
      now() - interval '90 days' from generate_series(1, 40) id`);
  const store = knexStore(knex, { prepare });
  const cleaned: Record<string, number> = {};
  for (const strategy of createStrategies(store, { old_job_cleanup: { enabled: true } })) {
    const { itemsCleaned } = await runPass(store, strategy, { batchRows, pauseFraction: 0 });
    cleaned[strategy.name] = itemsCleaned;
  }
  const kept = 'select name, statement from pg_prepared_statements order by name';
  const { rows } = await knex.raw<{ rows: { name: string; statement: string }[] }>(kept);
  return { cleaned, kept: rows };
}

test('Statements by keys are prepared where the store is told so, each once, however large batches are', async () => {
  const plain = await passes(false, 10);
  expect(plain.kept).toEqual([]);
  const prepared = await passes(true, 10);
  expect(prepared.cleaned).toEqual(plain.cleaned);
  expect(prepared.kept.length).toBeGreaterThan(5);
  for (const { name, statement } of prepared.kept) {
    expect(name).toMatch(/^jobsweep_[0-9a-f]{40}$/);
    // Not those that find rows: a plan that is kept uses no partial index.
    expect(statement).toMatch(/"(id|job_id)" = any\(\$\d+\)|unnest\(/);
  }
  for (const batchRows of [7, 40]) expect(await passes(true, batchRows)).toEqual(prepared);
});

test('They are refused where a list of keys is as many values, and for what is no answer', () => {
  const mysql = createKnex({ client: 'mysql2' });
  expect(() => knexStore(mysql, { prepare: true })).toThrow(
    /^prepare is true: leave it out, it is for PostgreSQL alone/,
  );
  expect(() => knexStore(mysql, { prepare: 'yes' as never })).toThrow(/^prepare is 'yes': give true or false/);
  expect(() => knexStore(mysql, { prepare: false })).not.toThrow();
});
