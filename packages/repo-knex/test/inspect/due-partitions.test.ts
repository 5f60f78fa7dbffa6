import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const PURGE = { name: 'old_job_cleanup', maxAgeDays: 30 } as const;

describe.runIf(enginesOfRun().includes('postgres'))('partitions that are wholly due', () => {
  const database = freshDatabase('partitions', 'postgres');
  let knex: Knex;

  beforeAll(() => {
    knex = createKnex({ client: 'pg', connection: database.url, pool: { min: 0, max: 3 } });
  });
  afterAll(() => knex.destroy());
  beforeEach(async () => {
    await knex.raw(`
      drop table if exists jobs, logs;
      create table jobs (id bigint, name text, state text not null, start_time timestamptz, end_time timestamptz not null,
        primary key (id, end_time)) partition by range (end_time);
      create table "Jobs 2001" partition of jobs for values from ('2001-01-01') to ('2002-01-01');
      create table jobs_2002 partition of jobs for values from ('2002-01-01') to ('2003-01-01');
      create table jobs_2003 partition of jobs for values from ('2003-01-01') to ('2004-01-01');
      create table jobs_later partition of jobs for values from ('2004-01-01') to ('2999-01-01');
      create table jobs_others partition of jobs default;
      create table logs (log_id bigint primary key, job_id bigint);
      insert into jobs select n, 'mail', 'COMPLETED', '2000-01-01', make_timestamptz(2001 + n % 2, 5, 5, 0, 0, 0) from generate_series(1, 40) as n;
      insert into jobs values (99, 'mail', 'COMPLETED', now(), now() - interval '1 day')`);
  });

  const look = (jobs: object = {}, options: object = {}) =>
    knexStore(knex, {
      schema: {
        jobs: { columns: { id: ['id', 'end_time'], errorMsg: null, exitCode: null }, ...jobs },
        allocations: null,
        ...options,
      },
    }).inspect.diagnosis?.duePartitions(PURGE);
  const named = async (...of: Parameters<typeof look>) => (await look(...of))?.map(({ partition }) => partition);
  /** As somebody does who pastes it. */
  const paste = async (statement: string) => {
    const client = new pg.Client(database.url);
    await client.connect();
    return await client.query(statement).finally(() => client.end());
  };
  const partitions = async () =>
    (
      await knex('pg_inherits')
        .whereRaw("inhparent = 'jobs'::regclass")
        .select(knex.raw('inhrelid::regclass::text as name'))
    ).map(({ name }: { name: string }) => name);

  test('are named with what takes them away; those without rows, for all the rest, or with a recent row are not', async () => {
    expect(await named()).toEqual(['public."Jobs 2001"', 'public.jobs_2002']);
    for (const { statement } of (await look()) ?? []) await paste(statement);
    expect(await partitions()).toEqual(['jobs_2003', 'jobs_later', 'jobs_others']);
    expect(await knex('jobs').pluck('id')).toEqual(['99']);
  });

  test.each(["state = 'PAUSED'", "end_time = '2002-07-07', state = 'RUNNING'"])(
    'are none where one row is not due: %s',
    async (change) => {
      await knex.raw(`update jobs set ${change} where id = 7`);
      expect(await named()).toEqual(['public."Jobs 2001"']);
    },
  );

  test('are none where something hangs on a row, or keeps it', async () => {
    // Nothing names a job of a partitioned table by its id alone but what has no foreign key.
    await knex.raw(
      'create table pins (id bigint, ended timestamptz); insert into pins select id, end_time from jobs where id = 7',
    );
    const link = { table: 'pins', id: 'id', key: ['id', 'ended'] };
    expect(await named({}, { dependents: { delete: [link] } })).toEqual(['public."Jobs 2001"']);
    expect(await named({}, { dependents: { keep: [{ table: 'pins', key: ['id', 'ended'] }] } })).toEqual([
      'public."Jobs 2001"',
    ]);
    await knex.raw('drop table pins');
  });

  test('are none where an allocation names a row through a third table, which is locked too', async () => {
    await knex.raw(`create table tries (try_id bigint primary key, job bigint, ended timestamptz);
      create table held (id bigint primary key, try_id bigint, status text, allocation_time timestamptz, released_time timestamptz);
      insert into tries select 5, id, end_time from jobs where id = 7`);
    const via = { table: 'tries', key: 'try_id', jobId: ['job', 'ended'] };
    const allocations = { table: 'held', via, columns: { jobId: 'try_id' } };
    const found = await look({}, { allocations });
    expect(found?.map(({ partition }) => partition)).toEqual(['public."Jobs 2001"']);
    expect(found?.[0]?.statement).toMatch(/LOCK TABLE public."Jobs 2001", .*public.tries/);
    await knex.raw('drop table held, tries');
  });

  test('stay where a row is not due any more when they are to be taken away', async () => {
    const [first, second] = (await look()) ?? [];
    await knex.raw("update jobs set state = 'RUNNING' where id = 7");
    await expect(paste(second?.statement ?? '')).rejects.toThrow('Not every row of public.jobs_2002 may go');
    await paste(first?.statement ?? '');
    expect(await partitions()).toEqual(['jobs_2002', 'jobs_2003', 'jobs_later', 'jobs_others']);
  });

  test('are none of those by list, which stand for something else than time', async () => {
    await knex.raw(`alter table jobs rename to old_jobs;
      create table jobs (like old_jobs) partition by list (name);
      create table mails partition of jobs for values in ('mail');
      insert into jobs select * from old_jobs where id < 9`);
    expect(await named()).toEqual([]);
    await knex.raw('drop table old_jobs');
  });
});
