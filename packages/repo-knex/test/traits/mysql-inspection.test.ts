import type { FilterOptions, JobsTableOption } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const COLUMNS =
  'id bigint not null, name varchar(40), state varchar(20), start_time datetime(6), end_time datetime(6), error_msg text';
const TABLES = [
  `create table jobs (${COLUMNS}, exit_code varchar(20), primary key (id))`,
  `create table waited (${COLUMNS}, exit_code int unsigned not null default 0, primary key (id))`,
  `create table queued (${COLUMNS}, exit_code varchar(20), primary key (id, name), key by_id (id))`,
  `create table keyless (${COLUMNS}, exit_code varchar(20))`,
  'create view seen as select * from jobs',
  'create view joined as select id, name, state, start_time, end_time, error_msg, exit_code from jobs group by id',
];

describe.each(enginesOfRun().filter((engine) => engine !== 'postgres'))('inspect.schema on %s', (engine) => {
  const database = freshDatabase('inspection', engine);
  let knex: Knex;
  beforeAll(async () => {
    knex = createKnex({ client: 'mysql2', connection: database.url });
    for (const table of TABLES) await knex.raw(table);
  });
  afterAll(() => knex.destroy());

  const findings = (jobs: JobsTableOption, filters: FilterOptions = {}) =>
    knexStore(knex, { schema: { jobs, allocations: null }, filters }).inspect.schema();

  test('names an integer that was mapped as the exit code, where a server that is not strict would write 0', async () => {
    expect(await findings({ table: 'waited' })).toMatchObject([
      {
        path: 'schema.jobs.columns.exitCode',
        problem: 'The column is of type int, which holds no text',
        fix: 'Set schema.jobs.columns.exitCode to null, so that none is written, to a column that holds text, or to { column, json } or { column, number }',
      },
    ]);
  });

  test('finds ids that no key makes unique, in any database of the server', async () => {
    expect(await findings({ table: 'keyless' })).toMatchObject([{ path: 'schema.jobs.columns.id' }]);
    expect(await findings({ table: 'queued' })).toMatchObject([{ path: 'schema.jobs.columns.id' }]);
    expect(await findings({ table: 'queued', schema: database.name })).toMatchObject([
      { path: 'schema.jobs.columns.id' },
    ]);
  });

  test('finds nothing where they are, by their own key or within the scope, and asks nothing of a view', async () => {
    expect(await findings({ table: 'jobs' })).toEqual([]);
    expect(await findings({ table: 'queued' }, { scope: { name: 'mail' } })).toEqual([]);
    expect(await findings({ table: 'seen' })).toEqual([]);
  });

  test('calls a view a view where it cannot be written, and knows the columns and tables that there are', async () => {
    expect(await findings({ table: 'joined' })).toMatchObject([
      { path: 'schema.jobs.table', problem: '"joined" is a read-only view, which cannot be written' },
    ]);
    expect(await findings({ table: 'job' })).toMatchObject([
      { mistake: { existing: expect.arrayContaining(['jobs']) } },
    ]);
    expect(await findings({ table: 'jobs', columns: { state: 'stat' } })).toMatchObject([
      { mistake: { kind: 'column', existing: expect.arrayContaining(['state']) } },
    ]);
  });
});
