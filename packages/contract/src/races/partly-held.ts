import type { ResourceAllocation, WriteOutcome } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { NEVER_WAITING } from './support/never-waiting.js';
import { useOtherSide } from './support/other-side.js';
import { readBack, seed } from './support/snapshot.js';

const cluster = useCluster();
const other = useOtherSide(cluster);

const touchSecond = { sql: ["update resource_allocations set node = 'n2' where id = 12"] };

const holding = (state: string, status: string) => {
  const job = { state, start: 'old', end: null, error: null, exit: null, owner: 'alice' } as const;
  const allocation = { job: '1', status, since: 'old', released: null } as const;
  return {
    jobs: { 1: { ...job, end: state === 'RUNNING' ? null : ('old' as const) } },
    allocations: { 11: allocation, 12: allocation },
  };
};

describe('While others hold one of two allocations', () => {
  test('releaseResourcesForJobs releases the other one, and says which it left', async () => {
    await seed(cluster.sql, holding('FAILED', 'ALLOCATED'));
    const { repository, transaction } = cluster.store(NEVER_WAITING);
    const outcomes: WriteOutcome<ResourceAllocation>[] = [];

    await other.begin(touchSecond);
    const released = await transaction(async (session) => {
      const jobs = await repository.getOldJobs(session, 30);
      return repository.releaseResourcesForJobs(session, jobs, { onOutcome: (outcome) => outcomes.push(outcome) });
    });
    await other.end('commit');

    expect(released).toMatchObject([{ id: '11', status: 'RELEASED' }]);
    expect(outcomes).toMatchObject([{ changed: [{ id: '11' }], contended: [{ id: '12', status: 'ALLOCATED' }] }]);
    expect((await readBack(cluster.sql)).allocations).toMatchObject({
      11: { status: 'RELEASED' },
      12: { status: 'ALLOCATED' },
    });
  });

  test('cleanupStaleReservations leaves the whole job alone', async () => {
    await seed(cluster.sql, holding('RUNNING', 'RESERVED'));
    const { repository, transaction } = cluster.store(NEVER_WAITING);
    const before = await readBack(cluster.sql);

    await other.begin(touchSecond);
    const cleaned = await transaction(async (session) => {
      const [first] = await repository.getStaleReservations(session, 10);
      return first && repository.cleanupStaleReservation(session, first);
    });
    await other.end('rollback');

    expect(cleaned).toBe(false);
    expect(await readBack(cluster.sql)).toEqual(before);
  });

  test('deleteJobsBatch leaves the job and its other allocation', async () => {
    await seed(cluster.sql, holding('COMPLETED', 'RELEASED'));
    const { repository, transaction } = cluster.store(NEVER_WAITING);
    const before = await readBack(cluster.sql);

    await other.begin(touchSecond);
    const deleted = await transaction(async (session) => {
      const jobs = await repository.getOldJobs(session, 30);
      return repository.deleteJobsBatch(session, jobs);
    });
    await other.end('rollback');

    expect(deleted).toBe(0);
    expect(await readBack(cluster.sql)).toEqual(before);
  });
});
