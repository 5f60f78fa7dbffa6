import {
  type JobsweepError,
  OrphanedAllocationCleanupStrategy,
  type ResourceAllocation,
  runPass,
} from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Change, ContractSubject, Insertion } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job, upTo } from '../support/rows.js';
import { clock, DAY, HOUR, MINUTE, WRITTEN_NOW } from '../support/times.js';
import { set, useCluster, whileHeld } from '../support/under-test.js';

/** Allocations whose job is gone, on tables that no foreign key ties together. */
export function describeOrphanedAllocations<Session extends object>(subject: ContractSubject<Session>): void {
  describe('that no foreign key ties together', () => {
    const cluster = useCluster(subject, { isUnreferenced: true });
    const { ago } = cluster;
    const old = { allocationTime: ago(2 * DAY) };
    const released = { status: 'RELEASED', releasedTime: WRITTEN_NOW };

    const find = (maxAgeMinutes = 60, limit?: number) => {
      const { repository, transaction } = cluster.store({ clock });
      const page = limit === undefined ? {} : { limit };
      return transaction((session) => repository.getOrphanedAllocations(session, maxAgeMinutes, page));
    };
    const release = (rows: readonly ResourceAllocation[], record = recordOutcomes<ResourceAllocation>()) => {
      const { repository, transaction } = cluster.store({ clock, maxAttempts: 1 });
      return transaction((session) => repository.releaseOrphanedAllocations(session, rows, record));
    };

    test('getOrphanedAllocations returns what holds something past the limit for a job that does not exist', async () => {
      await cluster.seed({
        jobs: [job(1), job(2, { state: 'ARCHIVED' })],
        allocations: [
          ...[1, 2].map((id) => allocation(id, id, old)),
          allocation(3, 9, old),
          allocation(4, 9, { ...old, status: 'RESERVED' }),
          allocation(5, 9, { ...old, status: 'RELEASED' }),
          allocation(6, 9, { ...old, status: 'DRAINING' }),
          allocation(7, 9, { allocationTime: ago(HOUR) }),
          allocation(8, 9, { allocationTime: ago(HOUR, 1) }),
          allocation(9, 9),
        ],
      });
      expect(idsOf(await find())).toEqual(['3', '4', '8']);
      expect(idsOf(await find(2 * 60))).toEqual(['3', '4']);
      expect(idsOf(await find(60, 2))).toEqual(['3', '4']);
      expect((await find())[0]).toMatchObject({ id: '3', jobId: '9', status: 'ALLOCATED', releasedTime: null });
    });

    test('releaseOrphanedAllocations releases them and nothing else, and returns them as they are then', async () => {
      await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 1, old), allocation(2, 9, old)] });
      const changes = await changesOf(cluster, async () =>
        expect(await release(await find())).toMatchObject([{ id: '2', status: 'RELEASED' }]),
      );
      expect(changes).toEqual({ 'allocations/2': released });
    });

    test('releaseOrphanedAllocations releases rows that were made by hand, and each once', async () => {
      await cluster.seed({ allocations: [allocation(1, 9, old)] });
      const rows = (await find()).map(handMade);
      expect(idsOf(await release([...rows, ...rows]))).toEqual(['1']);
      expect(await release(rows)).toEqual([]);
    });

    const without: readonly [string, Change][] = [
      ['it was given to another job that is gone', set('allocations', 1, { jobId: '8' })],
      ['it was reserved again', set('allocations', 1, { status: 'RESERVED', allocationTime: ago(MINUTE) })],
      ['its status is one that nobody knows', set('allocations', 1, { status: 'DRAINING' })],
    ];
    const actions: readonly [string, Change | Insertion][] = [
      ['the job came back', { table: 'jobs', insert: job(9) }],
      ['it was given to a job that exists', set('allocations', 1, { jobId: '1' })],
      ['it was released', set('allocations', 1, { status: 'RELEASED' })],
      // An application that does its duty by the fence of a job is refused where there is none.
      ...(cluster.capabilities.skipsLocked ? without : []),
    ];
    test.each(actions)(
      'releaseOrphanedAllocations leaves an allocation alone when, between the read and the write, %s',
      async (_, action) => {
        await cluster.seed({ jobs: [job(1)], allocations: [allocation(1, 9, old), allocation(2, 9, old)] });
        const rows = await find();
        await cluster.act(action);
        const others = 'insert' in action ? [] : ['2'];
        const changes = await changesOf(cluster, async () => expect(idsOf(await release(rows))).toEqual(others));
        expect(Object.keys(changes)).toEqual(others.map((id) => `allocations/${id}`));
      },
    );

    const { transactions, skipsLocked } = cluster.capabilities;
    if (transactions) {
      test('releaseOrphanedAllocations does not wait for an allocation that others hold', async () => {
        await cluster.seed({ allocations: [allocation(1, 9, old), allocation(2, 9, old)] });
        const rows = await find();
        const record = recordOutcomes<ResourceAllocation>();
        const held = whileHeld(cluster, [['allocations', '1']], () => release(rows, record));
        if (!skipsLocked) return expect(held).rejects.toMatchObject({ code: 'CONFLICT' });
        expect(idsOf(await held)).toEqual(['2']);
        expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
      });
    }

    test('a pass of orphaned_allocation_cleanup heals all of them, page by page', async () => {
      await cluster.seed({
        jobs: [job(1)],
        allocations: upTo(7).map((id) => allocation(id, id === 4 ? 1 : 90 + id, old)),
      });
      const store = cluster.store({ clock });
      const pass = await runPass(store, new OrphanedAllocationCleanupStrategy(store.repository), { batchRows: 2 });
      expect(pass).toMatchObject({ stopReason: 'drained', itemsCleaned: 6, itemsFound: 6 });
      expect(await find()).toEqual([]);
      const { due } = await store.inspect.totals({ name: 'orphaned_allocation_cleanup', maxAgeMinutes: 60 });
      expect(due).toBe(0);
    });

    test.each([{ scope: { tenant: 7 } }, { exclude: { name: 'nightly' } }])(
      'have no orphans to tell with the filters %j',
      async (filters) => {
        await cluster.seed({ allocations: [allocation(1, 9, old)] });
        const rows = await find();
        const { repository, transaction, capabilities } = cluster.store({ clock, filters });
        expect(capabilities.strategies).not.toContain('orphaned_allocation_cleanup');
        const refused = { code: 'UNSUPPORTED_SCHEMA' } satisfies Partial<JobsweepError>;
        await expect(transaction((trx) => repository.getOrphanedAllocations(trx, 60))).rejects.toMatchObject(refused);
        const write = transaction((trx) => repository.releaseOrphanedAllocations(trx, rows));
        await expect(write).rejects.toMatchObject(refused);
      },
    );
  });
}
