import type { AllocationWithJob, WriteOptions } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { changesOf } from '../support/changes.js';
import { testHeldRows } from '../support/held-rows.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { clock, HOUR, later, WRITTEN_NOW } from '../support/times.js';
import { type ClusterUnderTest, deletion, expectServerTimes, set } from '../support/under-test.js';

export function describeReleaseResourcesForCompletedJobs<Session extends object>(
  cluster: ClusterUnderTest<Session>,
): void {
  const { ago } = cluster;

  const done = { state: 'COMPLETED', startTime: ago(2 * HOUR, 5), endTime: ago(HOUR) };
  const RELEASED = { status: 'RELEASED', releasedTime: WRITTEN_NOW };
  const held = (id: number, jobId: number, status = 'ALLOCATED') =>
    allocation(id, jobId, { status, allocationTime: ago(2 * HOUR, 5) });

  const unreleased = () => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getCompletedJobsWithUnreleasedResources(trx));
  };

  const release = (rows: readonly AllocationWithJob[], options?: WriteOptions<AllocationWithJob>) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.releaseResourcesForCompletedJobs(trx, rows, options));
  };

  describe('releaseResourcesForCompletedJobs', () => {
    test('writes status and release time of the given allocations, and nothing else of any row', async () => {
      const jobs = [
        job(1, done),
        job(2, { ...done, state: 'FAILED' }),
        job(3, { ...done, state: 'CANCELLED' }),
        job(4),
      ];
      const allocations = [
        held(1, 1),
        held(2, 1, 'RESERVED'),
        held(3, 2),
        held(4, 3),
        held(5, 3),
        held(6, 4),
        held(7, 1, 'DRAINING'),
        allocation(8, 1, { status: 'RELEASED', releasedTime: ago(HOUR) }),
      ];
      await cluster.seed({ jobs, allocations });
      const given = (await unreleased()).filter(({ id }) => id !== '5');
      const changes = await changesOf(cluster, async () => expect(await release(given)).toBe(4));
      expect(changes).toEqual({
        'allocations/1': RELEASED,
        'allocations/2': RELEASED,
        'allocations/3': RELEASED,
        'allocations/4': RELEASED,
      });
    });

    test('reports the allocations as they are now', async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [held(1, 1)] });
      const onOutcome = vi.fn();
      await release(await unreleased(), { onOutcome });
      const changed = [
        { id: '1', status: 'RELEASED', releasedTime: clock.now(), job: { id: '1', state: 'COMPLETED' } },
      ];
      expect(onOutcome.mock.calls).toMatchObject([[{ changed, contended: [] }]]);
    });

    test("takes the release time from the database's clock, however wrong this process's is", async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [held(1, 1)] });
      const { repository, transaction } = cluster.store();
      const rows = await unreleased();
      const work = () => transaction((trx) => repository.releaseResourcesForCompletedJobs(trx, rows));
      await expectServerTimes(cluster, work, ({ allocations }) => [allocations[0]?.releasedTime]);
    });

    test.each([
      ['job was queued again', set('jobs', 1, { state: 'PENDING', startTime: null, endTime: null })],
      ['job runs again', set('jobs', 1, { state: 'RUNNING' })],
      ['job has an unknown state', set('jobs', 1, { state: 'ARCHIVED' })],
      ['job ran once more and is finished again', set('jobs', 1, { startTime: ago(0) })],
      ['job started one step later', set('jobs', 1, { startTime: ago(2 * HOUR, 4) })],
      ['allocation was released', set('allocations', 1, { status: 'RELEASED' })],
      ['allocation was taken up', set('allocations', 1, { status: 'RESERVED' })],
      ['allocation has an unknown status', set('allocations', 1, { status: 'DRAINING' })],
      ['allocation has no status', set('allocations', 1, { status: null })],
      ['allocation was allocated anew', set('allocations', 1, { allocationTime: ago(0) })],
      ['allocation went to another job', set('allocations', 1, { jobId: '2' })],
      ['allocation went to no job', set('allocations', 1, { jobId: null })],
      ['allocation was deleted', deletion('allocations', 1)],
    ])('passes over an allocation when, since it was read, the %s', async (_what, change) => {
      await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations: [held(1, 1), held(2, 2)] });
      const rows = await unreleased();
      await cluster.act(change);
      const record = recordOutcomes<AllocationWithJob>();
      const changes = await changesOf(cluster, async () => expect(await release(rows, record)).toBe(1));
      expect(changes).toEqual({ 'allocations/2': RELEASED });
      expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
    });

    test('releases also when only the kind of finished state changed', async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [held(1, 1)] });
      const rows = await unreleased();
      await cluster.act(set('jobs', 1, { state: 'FAILED', endTime: ago(0) }));
      expect(await release(rows)).toBe(1);
    });

    testHeldRows(
      cluster,
      [
        { what: 'an allocation of a job', rows: [['jobs', '1']] },
        { what: 'an allocation', rows: [['allocations', '1']] },
      ],
      async () => {
        await cluster.seed({ jobs: [job(1, done), job(2, done)], allocations: [held(1, 1), held(2, 2)] });
        const rows = await unreleased();
        const record = recordOutcomes<AllocationWithJob>();
        return {
          run: () => release(rows, record),
          changes: { 'allocations/2': RELEASED },
          check: () => expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]),
        };
      },
    );

    test('guards rows made by hand by the status, and by the milliseconds of start and allocation', async () => {
      const jobs = [1, 2, 3, 4].map((id) => job(id, done));
      await cluster.seed({ jobs, allocations: [held(1, 1), held(2, 2), held(3, 3), held(4, 4)] });
      const given = (await unreleased()).map((row) => ({ ...handMade(row), job: handMade(row.job) }));
      await cluster.act(set('jobs', 1, { startTime: later(done.startTime) }));
      await cluster.act(set('allocations', 2, { allocationTime: later(done.startTime) }));
      await cluster.act(set('allocations', 3, { status: 'RESERVED' }));
      const record = recordOutcomes<AllocationWithJob>();
      expect(await release(given, record)).toBe(1);
      expect(record.outcomes).toEqual([{ changed: ['4'], contended: [] }]);
    });

    test('of nothing is 0', async () => {
      const record = recordOutcomes<AllocationWithJob>();
      expect(await release([], record)).toBe(0);
      expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
    });

    test('counts an allocation that it is given twice once', async () => {
      await cluster.seed({ jobs: [job(1, done)], allocations: [held(1, 1), held(2, 1)] });
      const rows = await unreleased();
      expect(idsOf(rows)).toEqual(['1', '2']);
      expect(await release([...rows, ...rows])).toBe(2);
    });
  });
}
