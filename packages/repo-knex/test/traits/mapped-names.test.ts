import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { DEFAULT_LAYOUT, describeLayout } from '../support/layout.js';
import { idsOf } from '../support/rows.js';

const { jobs, allocations } = DEFAULT_LAYOUT;

describe('names', () => {
  describeLayout('of tables in another schema, beside decoys of the default names', {
    tables: `${TABLES} create schema batch;
      create table batch.jobs (like jobs); create table batch.resource_allocations (like resource_allocations);`,
    schema: { jobs: { schema: 'batch' }, allocations: { schema: 'batch' } },
    jobs: { ...jobs, table: 'batch.jobs' },
    allocations: { ...allocations, table: 'batch.resource_allocations' },
  });

  describeLayout('of two schemas, with a foreign key between them', {
    tables: `create schema "Work"; create schema held;
      create table "Work"."Job" ("Id" bigint primary key, "Name" text, "State" text, "Begin" timestamptz,
        "End" timestamptz, "Error" text, "Exit" text);
      create table held.slots (slot bigint primary key, job bigint references "Work"."Job", status text,
        since timestamptz, until timestamptz);`,
    schema: {
      jobs: {
        schema: 'Work',
        table: 'Job',
        columns: {
          id: 'Id',
          name: 'Name',
          state: 'State',
          startTime: 'Begin',
          endTime: { column: 'End' },
          errorMsg: 'Error',
          exitCode: 'Exit',
        },
      },
      allocations: {
        schema: 'held',
        table: 'slots',
        columns: { id: 'slot', jobId: 'job', allocationTime: 'since', releasedTime: 'until' },
      },
    },
    jobs: {
      table: '"Work"."Job"',
      id: '"Id"',
      name: '"Name"',
      state: '"State"',
      startTime: '"Begin"',
      endTime: '"End"',
      errorMsg: '"Error"',
      exitCode: '"Exit"',
    },
    allocations: {
      table: 'held.slots',
      id: 'slot',
      jobId: 'job',
      status: 'status',
      allocationTime: 'since',
      releasedTime: 'until',
    },
  });

  describeLayout('that are words of SQL, hold spaces, and other letters', {
    tables: `create table "order" ("primary key" bigint primary key, "select" text, "where" text, "from $1" timestamptz,
        "to" timestamptz, "größe" text, "退出" text);
      create table "user's table" ("id" bigint primary key, "group" bigint references "order", "case" text,
        "a:b" timestamptz, "{c}" timestamptz);`,
    schema: {
      jobs: {
        table: 'order',
        columns: {
          id: 'primary key',
          name: 'select',
          state: 'where',
          startTime: 'from $1',
          endTime: 'to',
          errorMsg: 'größe',
          exitCode: '退出',
        },
      },
      allocations: {
        table: "user's table",
        columns: { id: 'id', jobId: 'group', status: 'case', allocationTime: 'a:b', releasedTime: '{c}' },
      },
    },
    jobs: {
      table: '"order"',
      id: '"primary key"',
      name: '"select"',
      state: '"where"',
      startTime: '"from $1"',
      endTime: '"to"',
      errorMsg: '"größe"',
      exitCode: '"退出"',
    },
    allocations: {
      table: '"user\'s table"',
      id: 'id',
      jobId: '"group"',
      status: '"case"',
      allocationTime: '"a:b"',
      releasedTime: '"{c}"',
    },
  });

  describeLayout('that jobsweep uses for itself inside its statements', {
    tables: TABLES.replaceAll('jobs', 'a').replaceAll('resource_allocations', 'j'),
    schema: { jobs: { table: 'a' }, allocations: { table: 'j' } },
    jobs: { ...jobs, table: 'a' },
    allocations: { ...allocations, table: 'j' },
  });
});

describe('a view', () => {
  const cluster = useCluster(`${TABLES} create view public.due_jobs as select * from jobs where owner = 'alice';`);

  test('can stand for the jobs table and limit what is seen', async () => {
    const old = "(1, 'a', 'COMPLETED', null, '2020-01-01', null, null, $1)";
    await cluster.sql.query(`insert into jobs values ${old}`, ['alice']);
    await cluster.sql.query(`insert into jobs values ${old.replace('1', '2')}`, ['bob']);
    const { repository, transaction } = cluster.store({ schema: { jobs: { table: 'due_jobs' } } });
    const removed = await transaction(async (trx) => {
      const jobs = await repository.getOldJobs(trx, 30);
      return { ids: idsOf(jobs), count: await repository.deleteJobsBatch(trx, jobs) };
    });
    expect(removed).toEqual({ ids: ['1'], count: 1 });
    expect((await cluster.sql.query('select id from jobs')).rows).toEqual([{ id: '2' }]);
  });
});
