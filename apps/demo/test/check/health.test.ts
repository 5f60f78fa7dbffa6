import { expect, test } from 'vitest';
import { addHealth, isHealthy, NOTHING } from '../../src/check/health.js';
import type { Holding, JobRow } from '../../src/cluster/rows.js';
import { allocation, at, holding, job } from '../support/rows.js';

const AT = at('2024-06-15T12:00:00Z');

const read = (...holdings: readonly Holding[]) =>
  holdings.reduce((health, each) => addHealth(health, each, AT), NOTHING);

/** A job with its allocations, which have times or none. */
const add = (
  id: number,
  given: Partial<JobRow>,
  ...allocations: readonly (readonly [status: string, time: string | null])[]
) =>
  holding(
    job(id, given),
    ...allocations.map(([status, time], index) =>
      allocation(id * 10 + index, id, { status, allocationTime: time === null ? null : at(time) }),
    ),
  );

test('an empty cluster is healthy', () => {
  const health = read();
  expect(Object.values(health)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(isHealthy(health)).toBe(true);
});

test('a finished job that holds something is a leak, once for each allocation', () => {
  const health = read(
    add(1, { state: 'COMPLETED' }, ['ALLOCATED', null], ['RESERVED', null], ['RELEASED', null], ['LOST', null]),
    add(2, { state: 'FAILED' }, ['ALLOCATED', null]),
    add(3, { state: 'CANCELLED' }, ['RESERVED', null]),
    add(4, { state: 'RUNNING' }, ['ALLOCATED', null]),
    add(5, { state: 'PENDING' }, ['RESERVED', null]),
  );
  expect(health).toMatchObject({ jobs: 5, allocations: 8, completedJobsWithUnreleasedResources: 4 });
  expect(isHealthy(health)).toBe(false);
});

test('a job is stuck when it has run for more than 48 hours, and not at 48', () => {
  const health = read(
    add(1, { state: 'RUNNING', startTime: at('2024-06-13T12:00:00Z') }),
    add(2, { state: 'RUNNING', startTime: at('2024-06-13T11:59:59.999999Z') }),
    add(3, { state: 'RUNNING' }),
    add(4, { state: 'PENDING', startTime: at('2024-01-01T00:00:00Z') }),
  );
  expect(health.stuckJobs).toBe(1);
});

test('a finished job is old when it ended more than 30 days ago, and not at 30', () => {
  const health = read(
    add(1, { state: 'COMPLETED', endTime: at('2024-05-16T12:00:00Z') }),
    add(2, { state: 'CANCELLED', endTime: at('2024-05-16T11:59:59.999999Z') }),
    add(3, { state: 'FAILED' }),
    add(4, { state: 'RUNNING', endTime: at('2024-01-01T00:00:00Z') }),
  );
  expect(health.oldJobs).toBe(1);
  expect(isHealthy(health)).toBe(true);
});

test('a reservation is stale when it is older than 10 minutes and its job runs', () => {
  const old = '2024-06-15T11:49:59.999999Z';
  const health = read(
    add(1, { state: 'RUNNING' }, ['RESERVED', old]),
    add(2, { state: 'RUNNING' }, ['RESERVED', '2024-06-15T11:50:00Z']),
    add(3, { state: 'RUNNING' }, ['RESERVED', null]),
    add(4, { state: 'RUNNING' }, ['ALLOCATED', old]),
    add(5, { state: 'PENDING' }, ['RESERVED', old]),
  );
  expect(health.staleReservations).toBe(1);
});

test('a reservation is not stale while anything else of its job may be alive', () => {
  const [old, fresh] = ['2024-06-15T10:00:00Z', '2024-06-15T11:59:00Z'];
  const alive = [
    add(1, { state: 'RUNNING' }, ['RESERVED', old], ['ALLOCATED', old]),
    add(2, { state: 'RUNNING' }, ['RESERVED', old], ['RESERVED', fresh]),
    add(3, { state: 'RUNNING' }, ['RESERVED', old], ['RESERVED', null]),
    add(4, { state: 'RUNNING' }, ['RESERVED', old], ['SUSPENDED', old]),
  ];
  expect(read(...alive).staleReservations).toBe(0);
  const dead = [
    add(5, { state: 'RUNNING' }, ['RESERVED', old], ['RELEASED', fresh]),
    add(6, { state: 'RUNNING' }, ['RESERVED', old], ['RESERVED', old]),
  ];
  expect(read(...alive, ...dead).staleReservations).toBe(3);
});
