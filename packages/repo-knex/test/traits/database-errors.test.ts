import { isJobsweepError, JobsweepError } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { allocation, changesOf, job, seed } from '../support/rows.js';
import { ago, DAY, HOUR } from '../support/times.js';

const cluster = useCluster(`${TABLES}
  create table invoices (id bigint, job_id bigint constraint invoices_of_jobs references jobs);
  create table plain (id bigint primary key, state text, name text, start_time timestamptz, end_time timestamptz,
    error_msg varchar(5), exit_code text not null default '', constraint no_failure check (exit_code <> '-7:0'));
  create function refuse() returns trigger language plpgsql as $$
    begin raise exception 'Job % is protected - ask operations first', old.id using constraint = 'protected'; end $$;`);

/** What `work` rejects with, which must be an error of jobsweep's. */
async function refusal(work: Promise<unknown>): Promise<JobsweepError> {
  const error = await work.then(
    () => new Error('Nothing was refused'),
    (reason: unknown) => reason,
  );
  if (isJobsweepError(error)) return error;
  throw error;
}

const isOneSentence = (error: JobsweepError) => {
  expect(error.message).not.toMatch(/::text|\bwhere\b|\$\d|\n/);
  expect(error.message).toMatch(/^\S.*[^.]\.$/);
  expect(error.cause).toBeInstanceOf(Error);
};

const purge = (store = cluster.store()) =>
  store.transaction(async (trx) => {
    const jobs = await store.repository.getOldJobs(trx, 30);
    return store.repository.deleteJobsBatch(trx, jobs);
  });

const fail = (errorMsg: string, exitCode?: string, store = cluster.store({ schema: { jobs: { table: 'plain' } } })) =>
  store.transaction(async (trx) => {
    const jobs = await store.repository.getStuckJobs(trx, 48);
    return store.repository.markJobsAsFailed(trx, jobs, errorMsg, exitCode);
  });

const old = { state: 'COMPLETED', end_time: ago(40 * DAY) };

describe('a row that the database refuses is ROW_REJECTED', () => {
  test('by a foreign key of a table that nobody mapped, which it names', async () => {
    await seed(cluster.sql, { jobs: [job(1, old)], allocations: [allocation(1, 1, { status: 'RELEASED' })] });
    await cluster.sql.query('insert into invoices values (1, 1)');
    let error: JobsweepError | undefined;
    const work = async () => {
      error = await refusal(purge());
    };
    expect(await changesOf(cluster.sql, work)).toEqual({});
    expect(error).toMatchObject({ code: 'ROW_REJECTED', constraint: 'invoices_of_jobs' });
    if (error) isOneSentence(error);
  });

  test.each([
    { what: 'a check, which it names', exitCode: '-7:0', constraint: 'no_failure', message: 'x' },
    { what: 'the length of a column', exitCode: '0', constraint: undefined, message: 'too long a text' },
    { what: 'a character that it cannot keep', exitCode: '0', constraint: undefined, message: '\0' },
  ])('by $what', async ({ exitCode, constraint, message }) => {
    await cluster.sql.query("insert into plain values (1, 'RUNNING', 'a', '2020-01-01')");
    const error = await refusal(fail(message, exitCode));
    expect(error).toMatchObject({ code: 'ROW_REJECTED', constraint });
    isOneSentence(error);
  });

  test('by a trigger, in its own words', async () => {
    await seed(cluster.sql, { jobs: [job(1, old)] });
    await cluster.sql.query('create trigger keep before delete on jobs for each row execute function refuse()');
    const error = await refusal(purge());
    await cluster.sql.query('drop trigger keep on jobs');
    expect(error).toMatchObject({ code: 'ROW_REJECTED', constraint: 'protected' });
    expect(error.message).toMatch(/^Job 1 is protected - ask operations first\. \w/);
    isOneSentence(error);
  });

  test('by a constraint that is checked at the commit', async () => {
    await seed(cluster.sql, { jobs: [job(1, old)] });
    const deferred = 'create constraint trigger late after delete on jobs deferrable initially deferred';
    await cluster.sql.query(`${deferred} for each row execute function refuse()`);
    const error = await refusal(purge());
    await cluster.sql.query('drop trigger late on jobs');
    expect(error.code).toBe('ROW_REJECTED');
    isOneSentence(error);
  });
});

describe('tables that are not as mapped are a SCHEMA_MISMATCH', () => {
  const stuck = (schema: object) => {
    const { repository, transaction } = cluster.store({ schema });
    return refusal(transaction((trx) => repository.getStuckJobs(trx, 48)));
  };

  test.each([
    ['a table', { jobs: { table: 'nowhere' } }, /"nowhere"/],
    ['a schema', { jobs: { schema: 'nowhere' } }, /"nowhere/],
    ['a column', { jobs: { columns: { state: 'phase' } } }, /phase/],
  ])('when %s is missing, which it names', async (_what, schema, name) => {
    const error = await stuck(schema);
    expect(error.code).toBe('SCHEMA_MISMATCH');
    expect(error.message).toMatch(name);
    isOneSentence(error);
  });

  test('when a column keeps times in another way', async () => {
    const error = await stuck({ jobs: { columns: { startTime: { column: 'start_time', codec: 'epochSeconds' } } } });
    expect(error.code).toBe('SCHEMA_MISMATCH');
    isOneSentence(error);
  });

  test('when an enum does not have one of the states', async () => {
    await cluster.sql.query("create type phase as enum ('RUNNING', 'FAILED'); create table phases (like jobs)");
    await cluster.sql.query('alter table phases alter state type phase using state::phase');
    const { repository, transaction } = cluster.store({ schema: { jobs: { table: 'phases' } } });
    const error = await refusal(transaction((trx) => repository.getOldJobs(trx, 30)));
    expect(error.code).toBe('SCHEMA_MISMATCH');
    expect(error.message).toMatch(/phase: "COMPLETED"/);
    isOneSentence(error);
  });
});

test('a missing privilege is PERMISSION_DENIED, and the table is named', async () => {
  const role = `reader_${process.pid}_${Date.now()}`;
  await seed(cluster.sql, { jobs: [job(1, { start_time: ago(49 * HOUR) })] });
  await cluster.sql.query(`create role ${role}; grant select on jobs to ${role}`);
  const { repository, transaction } = cluster.store();
  const rows = await transaction((trx) => repository.getStuckJobs(trx, 1));
  const asReader = transaction(async (trx) => {
    await trx.raw(`set local role ${role}`);
    return repository.markJobsAsFailed(trx, rows, 'too long');
  });
  const error = await refusal(asReader);
  await cluster.sql.query(`drop owned by ${role}; drop role ${role}`);
  expect(error.code).toBe('PERMISSION_DENIED');
  expect(error.message).toMatch(/table jobs/);
  isOneSentence(error);
});

describe('an error of the work itself', () => {
  test.each([
    new TypeError('a - b is not a function'),
    new JobsweepError('ABORTED', 'Enough.'),
    'only a text',
    undefined,
  ])('comes out as it was thrown: %s', async (thrown) => {
    const { transaction } = cluster.store();
    const reason: unknown = await transaction(() => Promise.reject(thrown as Error)).catch((error: unknown) => error);
    expect(reason).toBe(thrown);
  });

  test('is translated when it comes from a query of the work', async () => {
    const { transaction } = cluster.store();
    const error = await refusal(transaction((trx) => trx.raw('select 1/0')));
    expect(error).toMatchObject({ code: 'ROW_REJECTED' });
    expect((await refusal(transaction((trx) => trx.raw('selekt')))).code).toBe('DATABASE_ERROR');
  });
});
