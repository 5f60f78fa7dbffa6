import { readFile } from 'node:fs/promises';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

const JOBS = 200_000;
const RUNNING = 2000;

/**
 * A cluster in its daily state: 99 % of the jobs finished over ninety days and released, some of them leaking, the
 * rest running for up to four days, one in ten of these with nothing but a reservation.
 */
const TABLES = `
  create table jobs (
    id bigint primary key, name text, state text not null, start_time timestamptz, end_time timestamptz,
    error_msg text, exit_code text, tenant integer not null default 7);
  create table resource_allocations (
    id bigint primary key, job_id bigint references jobs (id), status text, allocation_time timestamptz,
    released_time timestamptz);
  insert into jobs
  select id, 'job ' || id, (array['COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED', 'CANCELLED'])[1 + id % 5], start,
    start + interval '1 h' * (id % 7), null, '0:0'
  from generate_series(1, ${JOBS - RUNNING}) as id, lateral (select now() - interval '40 s' * (${JOBS} - id)) as s (start);
  insert into jobs (id, name, state, start_time)
  select id, 'job ' || id, 'RUNNING', now() - interval '170 s' * (${JOBS} - id)
  from generate_series(${JOBS - RUNNING + 1}, ${JOBS}) as id;
  insert into resource_allocations
  select id, id,
    case when end_time is not null then case id % 1000 when 0 then 'ALLOCATED' else 'RELEASED' end
      when id % 10 = 0 then 'RESERVED' else 'ALLOCATED' end,
    start_time, case when id % 1000 > 0 then end_time end
  from jobs;`;

/** The statements that the docs advise. */
export async function advisedIndexes(): Promise<string[]> {
  const file = await readFile(new URL('../../../../../docs/indexes/postgres.sql', import.meta.url), 'utf8');
  return file.split('\n').filter((line) => line.startsWith('CREATE INDEX'));
}

/** A large cluster with the advised indexes. Tests roll back what they change. */
export function useLargeCluster() {
  const database = freshDatabase('repo-knex-plans');
  const open: { knex?: Knex; sql?: pg.Client } = {};
  const there = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The cluster is set up in beforeAll');
    return value;
  };

  beforeAll(async () => {
    open.knex = createKnex({ client: 'pg', connection: database.url, pool: { min: 0, max: 2 } });
    open.sql = new pg.Client(database.url);
    await open.sql.connect();
    await open.sql.query(TABLES);
    for (const statement of await advisedIndexes()) await open.sql.query(statement);
    await open.sql.query('vacuum analyze');
  }, 120_000);
  afterAll(async () => {
    await Promise.all([open.knex?.destroy(), open.sql?.end()]);
  });

  return {
    get knex() {
      return there(open.knex);
    },
    get sql() {
      return there(open.sql);
    },
  };
}
