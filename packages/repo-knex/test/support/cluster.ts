import { freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type KnexStoreOptions, knexStore } from '../../src/index.js';

/** The default tables, with a column each that jobsweep knows nothing of. */
export const TABLES = `
  create table jobs (
    id bigint primary key, name text, state text not null, start_time timestamptz, end_time timestamptz,
    error_msg text, exit_code text, owner text default 'alice');
  create table resource_allocations (
    id bigint primary key, job_id bigint references jobs (id), status text, allocation_time timestamptz,
    released_time timestamptz, node text default 'n1');`;

/** A database with the default tables, emptied before each test, and connections of the tests' own to it. */
export interface Cluster {
  /** The user's knex instance, the one under test. */
  readonly knex: Knex;
  /** A plain connection: seeds and reads back, never through the code under test. */
  readonly sql: pg.Client;
  /** Another plain connection, for the other side of a race. */
  readonly other: pg.Client;
  store(options?: KnexStoreOptions): ReturnType<typeof knexStore>;
}

/**
 * Sets a cluster up for the test file or the `describe` around; its members can be read in hooks and tests.
 *
 * @param tables SQL that makes the tables, before knex connects.
 * @param config what the user gives to knex besides the connection.
 */
export function useCluster(tables = TABLES, config: Knex.Config = {}): Cluster {
  const database = freshDatabase('repo-knex');
  const open: { knex?: Knex; sql?: pg.Client; other?: pg.Client } = {};
  const there = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The cluster is set up in beforeAll');
    return value;
  };

  beforeAll(async () => {
    open.knex = createKnex({ client: 'pg', connection: database.url, pool: { min: 0, max: 4 }, ...config });
    open.sql = new pg.Client(database.url);
    open.other = new pg.Client(database.url);
    await Promise.all([open.sql.connect(), open.other.connect()]);
    await open.sql.query("set timezone to 'UTC'");
    await open.sql.query(tables);
  });
  beforeEach(async () => {
    const { rows } = await there(open.sql).query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname !~ '^(pg_|information_schema)'",
    );
    await there(open.sql).query(`truncate ${rows.map(({ name }) => name).join(', ')} cascade`);
  });
  afterAll(async () => {
    await Promise.all([open.knex?.destroy(), open.sql?.end(), open.other?.end()]);
  });

  return {
    get knex() {
      return there(open.knex);
    },
    get sql() {
      return there(open.sql);
    },
    get other() {
      return there(open.other);
    },
    store: (options) => knexStore(there(open.knex), options),
  };
}
