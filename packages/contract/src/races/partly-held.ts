import type { ResourceAllocation, WriteOutcome } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { type ClusterUnderTest, set } from '../support/under-test.js';
import { NEVER_WAITING } from './never-waiting.js';
import { otherSide } from './other-side.js';
import { readBack, seed } from './snapshot.js';

const touchSecond = { does: () => [set('allocations', 12, { note: 'n2' })] };

const holding = (state: string, status: string) => {
  const job = { state, start: 'old', end: null, error: null, exit: null, owner: 'alice' } as const;
  const allocation = { job: '1', status, since: 'old', released: null } as const;
  return {
    jobs: { 1: { ...job, end: state === 'RUNNING' ? null : ('old' as const) } },
    allocations: { 11: allocation, 12: allocation },
  };
};

export function describePartlyHeld<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  if (cluster.capabilities.skipsLocked) describeLeft(cluster);
  else describeGivenUp(cluster);
}

/** Rows that others hold are left, and what depends on them. */
function describeLeft<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);

  describe('while others hold one of two allocations', () => {
    test('releaseResourcesForJobs releases the other one, and says which it left', async () => {
      await seed(cluster, holding('FAILED', 'ALLOCATED'));
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
      expect((await readBack(cluster)).allocations).toMatchObject({
        11: { status: 'RELEASED' },
        12: { status: 'ALLOCATED' },
      });
    });

    test('cleanupStaleReservations leaves the whole job alone', async () => {
      await seed(cluster, holding('RUNNING', 'RESERVED'));
      const { repository, transaction } = cluster.store(NEVER_WAITING);
      const before = await readBack(cluster);

      await other.begin(touchSecond);
      const cleaned = await transaction(async (session) => {
        const [first] = await repository.getStaleReservations(session, 10);
        return first && repository.cleanupStaleReservation(session, first);
      });
      await other.end('rollback');

      expect(cleaned).toBe(false);
      expect(await readBack(cluster)).toEqual(before);
    });

    test('deleteJobsBatch leaves the job and its other allocation', async () => {
      await seed(cluster, holding('COMPLETED', 'RELEASED'));
      const { repository, transaction } = cluster.store(NEVER_WAITING);
      const before = await readBack(cluster);

      await other.begin(touchSecond);
      const deleted = await transaction(async (session) => {
        const jobs = await repository.getOldJobs(session, 30);
        return repository.deleteJobsBatch(session, jobs);
      });
      await other.end('rollback');

      expect(deleted).toBe(0);
      expect(await readBack(cluster)).toEqual(before);
    });
  });
}

/** Rows cannot be left: whoever wants one that others hold gives up the whole transaction. */
function describeGivenUp<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const other = otherSide(cluster);

  describe('while others hold one of two allocations', () => {
    test.each([
      ['releaseResourcesForJobs', 'FAILED', 'ALLOCATED'] as const,
      ['deleteJobsBatch', 'COMPLETED', 'RELEASED'] as const,
    ])('%s ends in a CONFLICT and writes nothing', async (name, state, status) => {
      await seed(cluster, holding(state, status));
      const { repository, transaction } = cluster.store(NEVER_WAITING);
      const before = await readBack(cluster);

      await other.begin(touchSecond);
      const written = transaction(async (session) => {
        const jobs = await repository.getOldJobs(session, 30);
        return repository[name](session, jobs);
      });
      await expect(written).rejects.toMatchObject({ code: 'CONFLICT' });
      await other.end('rollback');

      expect(await readBack(cluster)).toEqual(before);
    });

    test('cleanupStaleReservations goes on: it writes nothing of the other one', async () => {
      await seed(cluster, holding('RUNNING', 'RESERVED'));
      const { repository, transaction } = cluster.store(NEVER_WAITING);

      await other.begin(touchSecond);
      const cleaned = await transaction(async (session) => {
        const [first] = await repository.getStaleReservations(session, 10);
        return first && repository.cleanupStaleReservation(session, first);
      });
      await other.end('commit');

      expect(cleaned).toBe(true);
      expect((await readBack(cluster)).allocations).toMatchObject({ 12: { status: 'RESERVED' } });
    });
  });
}
