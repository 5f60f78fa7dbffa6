import { knexStore } from '@jobsweep/repo-knex';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

const TABLES = `
  create table jobs (
    id bigint primary key, name text, state text not null, start_time timestamptz, end_time timestamptz,
    error_msg text, exit_code text);
  create table resource_allocations (
    id bigint primary key, job_id bigint references jobs (id), status text, allocation_time timestamptz,
    released_time timestamptz);`;

/** Due for each strategy: 3 allocations, 2 reservations, 14 stuck jobs, 1 old job; and healthy ones beside them. */
const DAMAGE = `
  insert into jobs (id, name, state, start_time, end_time) values
    (1, 'leaking', 'COMPLETED', now() - interval '2 h', now() - interval '1 h'),
    (2, 'leaking', 'FAILED', now() - interval '2 h', now() - interval '1 h'),
    (3, 'leaking', 'CANCELLED', now() - interval '2 h', now() - interval '1 h'),
    (4, 'never started', 'RUNNING', now() - interval '1 h', null),
    (5, 'never started', 'RUNNING', now() - interval '1 h', null),
    (6, 'healthy', 'RUNNING', now() - interval '1 h', null),
    (7, 'old', 'COMPLETED', now() - interval '41 days', now() - interval '40 days');
  insert into jobs (id, name, state, start_time)
    select id, 'stuck', 'RUNNING', now() - interval '1 day' * id from generate_series(11, 24) as id;
  insert into resource_allocations (id, job_id, status, allocation_time)
    select id, id, case when id in (4, 5) then 'RESERVED' when id = 7 then 'RELEASED' else 'ALLOCATED' end,
      start_time from jobs;`;

/** A damaged cluster, made anew by `damage()`, and connections to it. */
export function useCluster() {
  const database = freshDatabase('runner');
  const open: { knex?: Knex; sql?: pg.Client } = {};
  const there = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The cluster is set up in beforeAll');
    return value;
  };
  beforeAll(async () => {
    open.knex = createKnex({ client: 'pg', connection: database.url, pool: { min: 0, max: 4 } });
    open.sql = new pg.Client(database.url);
    await open.sql.connect();
  });
  afterAll(async () => {
    await Promise.all([open.knex?.destroy(), open.sql?.end()]);
  });

  return {
    get url() {
      return database.url;
    },
    get knex() {
      return there(open.knex);
    },
    get sql() {
      return there(open.sql);
    },
    /** Puts both tables into their damaged state. */
    async damage(): Promise<void> {
      await there(open.sql).query(`drop table if exists jobs, resource_allocations cascade; ${TABLES} ${DAMAGE}`);
    },
    /** The same, and makes jobsweep's own tables anew. */
    async damageWithOwnTables(): Promise<void> {
      await this.damage();
      await there(open.sql).query('drop table if exists jobsweep_claims, jobsweep_history');
      await knexStore(there(open.knex)).ownTables.create();
    },
    /** Every row of both tables with its system version, which changes with every write, even one that changes nothing. */
    async everything(): Promise<unknown[]> {
      const read = async (table: string) =>
        (await there(open.sql).query(`select xmin::text, xmax::text, t.* from ${table} t order by id`))
          .rows as unknown[];
      return [...(await read('jobs')), ...(await read('resource_allocations'))];
    },
  };
}
