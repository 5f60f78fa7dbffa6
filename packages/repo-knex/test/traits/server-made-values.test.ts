import { createStrategies, runPass } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const engines = enginesOfRun().filter((engine) => engine === 'mysql' || engine === 'mariadb');

// What these servers do to the first TIMESTAMP column of a table, unless told otherwise, or as MySQL 5.7 did.
describe.each(engines)('times that %s changes with every update of a row', (engine) => {
  const database = freshDatabase('self-changing', engine);
  let knex: Knex;

  beforeAll(async () => {
    knex = createKnex({ client: 'mysql2', connection: database.url, pool: { min: 0, max: 2 } });
    const changing = 'timestamp not null default current_timestamp on update current_timestamp';
    await knex.raw(
      `create table jobs (id bigint primary key, name varchar(99), state varchar(99), start_time ${changing},
         end_time timestamp null, error_msg varchar(999), exit_code varchar(99), seen_at ${changing})`,
    );
    await knex.raw(
      `create table resource_allocations (id bigint primary key, job_id bigint, status varchar(99),
         allocation_time ${changing}, released_time timestamp null)`,
    );
    await knex.raw(
      "insert into jobs (id, state, start_time, seen_at) values (1, 'RUNNING', '2020-01-01', '2020-01-01')",
    );
    await knex.raw("insert into resource_allocations values (1, 1, 'ALLOCATED', '2020-01-02', null)");
  });
  afterAll(() => knex.destroy());

  test('keep their value where they are mapped, and change as ever where they are not', async () => {
    const time = (column: string) => ({ column, codec: 'instant' }) as const;
    const store = knexStore(knex, {
      schema: {
        jobs: { columns: { startTime: time('start_time'), endTime: time('end_time') } },
        allocations: { columns: { allocationTime: time('allocation_time'), releasedTime: time('released_time') } },
      },
    });
    for (const strategy of createStrategies(store)) await runPass(store, strategy);
    const [jobs] = await knex.raw<[object[]]>(
      'select state, year(start_time) as start, year(seen_at) > 2020 as seen from jobs',
    );
    expect(jobs).toEqual([{ state: 'FAILED', start: 2020, seen: 1 }]);
    const [allocations] = await knex.raw<[object[]]>(
      'select status, date_format(allocation_time, "%Y-%m-%d") as held from resource_allocations',
    );
    expect(allocations).toEqual([{ status: 'RELEASED', held: '2020-01-02' }]);
  });
});

describe.each(engines)('a message that is too long for its column on a %s that is not strict', (engine) => {
  const database = freshDatabase('not-strict', engine);

  test('is cut by the server, and its job is failed and let go all the same', async () => {
    const knex = createKnex({
      client: 'mysql2',
      connection: database.url,
      pool: { min: 0, max: 1, afterCreate: (raw: RawConnection, done: Done) => raw.query("set sql_mode = ''", done) },
    });
    await knex.raw(
      `create table jobs (id bigint primary key, name varchar(9), state varchar(9), start_time datetime(6),
         end_time datetime(6), error_msg varchar(9), exit_code varchar(9))`,
    );
    await knex.raw("insert into jobs (id, state, start_time) values (1, 'RUNNING', '2020-01-01')");
    const { repository, transaction } = knexStore(knex, { schema: { allocations: null } });
    const failed = await transaction(async (trx) =>
      repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'Ran for two days'),
    );
    expect(failed).toMatchObject([{ id: '1', state: 'FAILED', errorMsg: 'Ran for t' }]);
    await knex.destroy();
  });
});

type Done = (error: Error | null) => void;
interface RawConnection {
  query(sql: string, done: Done): void;
}

describe.each(enginesOfRun().filter((engine) => engine !== 'mongodb'))('a column that %s makes of others', (engine) => {
  const database = freshDatabase('generated', engine);
  const isPostgres = engine === 'postgres';
  let knex: Knex;

  beforeAll(async () => {
    knex = createKnex({ client: isPostgres ? 'pg' : 'mysql2', connection: database.url, pool: { min: 0, max: 2 } });
    const time = isPostgres ? 'timestamptz' : 'datetime(6)';
    await knex.raw(
      `create table jobs (id bigint primary key, name varchar(99), done int,
         state varchar(99) generated always as (case done when 1 then 'COMPLETED' else 'RUNNING' end) stored,
         start_time ${time}, end_time ${time}, error_msg varchar(999), exit_code varchar(99))`,
    );
  });
  afterAll(() => knex.destroy());

  test('is a mistake where it would be written', async () => {
    const { inspect } = knexStore(knex, { schema: { allocations: null } });
    expect(await inspect.schema()).toMatchObject([
      { path: 'schema.jobs.columns.state', problem: expect.stringMatching(/makes "state" of other columns/) },
    ]);
  });

  test('tells states of which none is written, and jobs that are in them are deleted', async () => {
    await knex.raw(
      "insert into jobs (id, done, start_time, end_time) values (1, 0, '2020-01-01', null), (2, 1, '2020-01-01', '2020-01-02')",
    );
    const states = { RUNNING: 'RUNNING', COMPLETED: 'COMPLETED', FAILED: { when: { state: 'FAILED' }, set: null } };
    const { inspect, repository, transaction, capabilities } = knexStore(knex, {
      schema: { jobs: { states }, allocations: null },
    });
    expect(await inspect.schema()).toEqual([]);
    expect(capabilities.strategies).toEqual(['old_job_cleanup']);
    const fail = transaction(async (trx) =>
      repository.markJobsAsFailed(trx, await repository.getStuckJobs(trx, 48), 'hangs'),
    );
    await expect(fail).rejects.toMatchObject({ code: 'UNSUPPORTED_SCHEMA' });
    expect(
      await transaction(async (trx) => repository.deleteJobsBatch(trx, await repository.getOldJobs(trx, 30))),
    ).toBe(1);
    expect(await knex('jobs').pluck('id')).toEqual([isPostgres ? '1' : 1]);
  });
});
