import type { JobState, ResourceStatus, SchemaOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { describeLayout } from '../support/layout.js';
import { changesOf, idsOf, insert } from '../support/rows.js';

const JOB_NUMBERS = { PENDING: 0, RUNNING: 1, COMPLETED: 2, FAILED: 3, CANCELLED: 4 };
const STATUS_NUMBERS = { RESERVED: 0, ALLOCATED: 1, RELEASED: -1 };
const columnsOfType = (type: string) =>
  TABLES.replace('state text', `state ${type}`).replace('status text', `status ${type}`);

describe('states', () => {
  describe.each(['smallint', 'bigint', 'numeric', 'text'])('as numbers in a column of type %s', (type) => {
    describeLayout('on every table', {
      tables: columnsOfType(type),
      schema: { jobs: { states: JOB_NUMBERS }, allocations: { statuses: STATUS_NUMBERS } },
      state: (state: JobState) => JOB_NUMBERS[state],
      status: (status: ResourceStatus) => STATUS_NUMBERS[status],
    });
  });

  describeLayout('as values of an enum', {
    tables: `create type job_state as enum ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');
      create type resource_status as enum ('RESERVED', 'ALLOCATED', 'RELEASED');
      ${TABLES.replace('state text', 'state job_state').replace('status text', 'status resource_status')}`,
  });

  describeLayout('as texts of a fixed length, padded with spaces', {
    tables: columnsOfType('char(12)'),
    state: (state) => state.padEnd(12),
    status: (status) => status.padEnd(12),
  });

  describeLayout('as lower-case words', {
    schema: {
      jobs: {
        states: {
          PENDING: 'pending',
          RUNNING: 'running',
          COMPLETED: 'completed',
          FAILED: 'failed',
          CANCELLED: 'cancelled',
        },
      },
      allocations: { statuses: { RESERVED: 'reserved', ALLOCATED: 'allocated', RELEASED: 'released' } },
    },
    state: (state) => state.toLowerCase(),
    status: (status) => status.toLowerCase(),
  });
});

describe('several raw values of one state', () => {
  const cluster = useCluster(`create table jobs (id bigint primary key, name text, state text, start_time timestamptz,
      end_time timestamptz, error_msg text, exit_code text);
    create table resource_allocations (id bigint primary key, job_id bigint, status text, allocation_time timestamptz,
      released_time timestamptz);`);
  const schema: SchemaOptions = {
    jobs: { states: { RUNNING: ['R', 'CG'], COMPLETED: ['CD', 'OK'], FAILED: ['F', 'NF', 'OOM'] } },
    allocations: { statuses: { RESERVED: ['new', 'held'], ALLOCATED: 'used', RELEASED: ['free', 'gone'] } },
  };
  const started = { start_time: '2020-01-01Z' };

  test('are all matched, and the first is written', async () => {
    const states = ['R', 'CG', 'RUNNING', 'CD', 'F', 'r', null];
    await insert(
      cluster.sql,
      'jobs',
      states.map((state, index) => ({ id: index + 1, state, ...started })),
    );
    const { repository, transaction } = cluster.store({ schema });
    const changes = await changesOf(cluster.sql, () =>
      transaction(async (trx) => {
        const jobs = await repository.getStuckJobs(trx, 48);
        expect(idsOf(jobs)).toEqual(['1', '2']);
        await repository.markJobsAsFailed(trx, jobs, 'x');
      }),
    );
    expect(changes).toMatchObject({ 'jobs/1': { state: 'F' }, 'jobs/2': { state: 'F' } });
    expect(Object.keys(changes)).toHaveLength(2);
  });

  test('guard a row by the very value that it was read with', async () => {
    await insert(cluster.sql, 'jobs', [{ id: 1, state: 'R', ...started }]);
    const { repository, transaction } = cluster.store({ schema });
    const jobs = await transaction((trx) => repository.getStuckJobs(trx, 48));
    await cluster.sql.query("update jobs set state = 'CG'");
    expect(await transaction((trx) => repository.markJobsAsFailed(trx, jobs, 'x'))).toEqual([]);
  });

  test('decide what a job holds: all that is not released, and never a value that nobody mapped', async () => {
    await insert(cluster.sql, 'jobs', [{ id: 1, state: 'OOM', end_time: '2020-01-01Z' }]);
    const statuses = ['new', 'held', 'used', 'free', 'gone', 'RESERVED', 'RELEASED', null];
    const rows = statuses.map((status, index) => ({ id: index + 1, job_id: 1, status }));
    await insert(cluster.sql, 'resource_allocations', rows);
    const { repository, transaction } = cluster.store({ schema });
    const changes = await changesOf(cluster.sql, () =>
      transaction(async (trx) => {
        const unreleased = await repository.getCompletedJobsWithUnreleasedResources(trx);
        expect(idsOf(unreleased)).toEqual(['1', '2', '3']);
        await repository.releaseResourcesForCompletedJobs(trx, unreleased);
      }),
    );
    expect(Object.values(changes)).toEqual(Array(3).fill(expect.objectContaining({ status: 'free' })));
  });

  test('delete with a job whatever means RELEASED, and keep a job that holds anything else', async () => {
    const done = { state: 'OK', end_time: '2020-01-01Z' };
    await insert(
      cluster.sql,
      'jobs',
      [1, 2].map((id) => ({ id, ...done })),
    );
    const statuses = ['free', 'gone', 'RELEASED'];
    const rows = statuses.map((status, index) => ({ id: index + 1, job_id: status === 'RELEASED' ? 2 : 1, status }));
    await insert(cluster.sql, 'resource_allocations', rows);
    const { repository, transaction } = cluster.store({ schema });
    const changes = await changesOf(cluster.sql, () =>
      transaction(async (trx) => repository.deleteJobsBatch(trx, await repository.getOldJobs(trx, 30))),
    );
    expect(Object.keys(changes)).toEqual(['jobs/1', 'resource_allocations/1', 'resource_allocations/2']);
  });

  test('a state that the table does not have matches nothing', async () => {
    await insert(cluster.sql, 'jobs', [{ id: 1, state: 'CANCELLED', end_time: '2020-01-01Z' }]);
    const { repository, transaction } = cluster.store({ schema });
    expect(await transaction((trx) => repository.getOldJobs(trx, 30))).toEqual([]);
  });
});
