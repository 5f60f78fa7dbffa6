import { beforeEach, expect, test } from 'vitest';
import { isHealthy, readHealth } from '../../src/check/health.js';
import { clusterDatabase } from '../support/cluster.js';

const cluster = clusterDatabase('health');
const AT = '2024-06-15T12:00:00.000000Z';

beforeEach(async () => {
  await cluster.clear();
  await cluster.create();
});

/** Adds a job with its allocations; times as PostgreSQL reads them. */
async function add(
  id: number,
  job: { readonly state: string; readonly start?: string | undefined; readonly end?: string },
  ...allocations: readonly (readonly [status: string, time: string | null])[]
) {
  await cluster.client.query('INSERT INTO jobs (id, state, start_time, end_time) VALUES ($1, $2, $3, $4)', [
    id,
    job.state,
    job.start,
    job.end,
  ]);
  for (const [index, [status, time]] of allocations.entries()) {
    await cluster.client.query(
      'INSERT INTO resource_allocations (id, job_id, status, allocation_time) VALUES ($1, $2, $3, $4)',
      [id * 10 + index, id, status, time],
    );
  }
}

const read = () => readHealth(cluster.client, AT);

test('an empty cluster is healthy', async () => {
  const health = await read();
  expect(Object.values(health)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(isHealthy(health)).toBe(true);
});

test('a finished job that holds something is a leak, once for each allocation', async () => {
  await add(1, { state: 'COMPLETED' }, ['ALLOCATED', null], ['RESERVED', null], ['RELEASED', null], ['LOST', null]);
  await add(2, { state: 'FAILED' }, ['ALLOCATED', null]);
  await add(3, { state: 'CANCELLED' }, ['RESERVED', null]);
  await add(4, { state: 'RUNNING' }, ['ALLOCATED', null]);
  await add(5, { state: 'PENDING' }, ['RESERVED', null]);
  const health = await read();
  expect(health).toMatchObject({ jobs: 5, allocations: 8, completedJobsWithUnreleasedResources: 4 });
  expect(isHealthy(health)).toBe(false);
});

test('a job is stuck when it has run for more than 48 hours, and not at 48', async () => {
  await add(1, { state: 'RUNNING', start: '2024-06-13T12:00:00Z' });
  await add(2, { state: 'RUNNING', start: '2024-06-13T11:59:59.999999Z' });
  await add(3, { state: 'RUNNING' });
  await add(4, { state: 'PENDING', start: '2024-01-01T00:00:00Z' });
  expect((await read()).stuckJobs).toBe(1);
});

test('a finished job is old when it ended more than 30 days ago, and not at 30', async () => {
  await add(1, { state: 'COMPLETED', end: '2024-05-16T12:00:00Z' });
  await add(2, { state: 'CANCELLED', end: '2024-05-16T11:59:59.999999Z' });
  await add(3, { state: 'FAILED' });
  await add(4, { state: 'RUNNING', end: '2024-01-01T00:00:00Z' });
  const health = await read();
  expect(health.oldJobs).toBe(1);
  expect(isHealthy(health)).toBe(true);
});

test('a reservation is stale when it is older than 10 minutes and its job runs', async () => {
  const old = '2024-06-15T11:49:59.999999Z';
  await add(1, { state: 'RUNNING' }, ['RESERVED', old]);
  await add(2, { state: 'RUNNING' }, ['RESERVED', '2024-06-15T11:50:00Z']);
  await add(3, { state: 'RUNNING' }, ['RESERVED', null]);
  await add(4, { state: 'RUNNING' }, ['ALLOCATED', old]);
  await add(5, { state: 'PENDING' }, ['RESERVED', old]);
  expect((await read()).staleReservations).toBe(1);
});

test('a reservation is not stale while anything else of its job may be alive', async () => {
  const [old, fresh] = ['2024-06-15T10:00:00Z', '2024-06-15T11:59:00Z'];
  await add(1, { state: 'RUNNING' }, ['RESERVED', old], ['ALLOCATED', old]);
  await add(2, { state: 'RUNNING' }, ['RESERVED', old], ['RESERVED', fresh]);
  await add(3, { state: 'RUNNING' }, ['RESERVED', old], ['RESERVED', null]);
  await add(4, { state: 'RUNNING' }, ['RESERVED', old], ['SUSPENDED', old]);
  expect((await read()).staleReservations).toBe(0);
  await add(5, { state: 'RUNNING' }, ['RESERVED', old], ['RELEASED', fresh]);
  await add(6, { state: 'RUNNING' }, ['RESERVED', old], ['RESERVED', old]);
  expect((await read()).staleReservations).toBe(3);
});
