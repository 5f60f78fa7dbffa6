import { type AllocationWithJob, presets, type WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { testHeldRows } from '../support/held-rows.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job } from '../support/rows.js';
import { siblings } from '../support/siblings.js';
import { clock, HOUR, WRITTEN_NOW } from '../support/times.js';
import { type ClusterUnderTest, deletion, expectServerTimes, set } from '../support/under-test.js';

export function describeCleanupStaleReservation<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;

  const started = { startTime: ago(2 * HOUR, 5) };
  const FAILED = { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'never started', exitCode: '-3:0' };
  const RELEASED = { status: 'RELEASED', releasedTime: WRITTEN_NOW };
  const reserved = (id: number, jobId: number, row: Columns = {}) =>
    allocation(id, jobId, { status: 'RESERVED', allocationTime: ago(HOUR, 5), ...row });

  const stale = () => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.getStaleReservations(trx, 10));
  };

  const clean = (rows: readonly AllocationWithJob[], options?: WriteOptions<AllocationWithJob>) => {
    const { repository, transaction } = cluster.store({ clock });
    return transaction((trx) => repository.cleanupStaleReservations(trx, rows, 'never started', options));
  };

  describe('cleanupStaleReservations', () => {
    test('fails the job with exit code -3:0 and releases the reservation, and writes nothing else', async () => {
      const allocations = [
        reserved(1, 1),
        allocation(2, 1, { status: 'RELEASED', releasedTime: ago(HOUR) }),
        reserved(3, 2),
        reserved(4, 3, { allocationTime: ago(0) }),
      ];
      await cluster.seed({ jobs: [job(1, started), job(2, started), job(3)], allocations });
      const given = (await stale()).filter(({ id }) => id === '1');
      expect(await changesOf(cluster, () => clean(given))).toEqual({
        'jobs/1': FAILED,
        'allocations/1': RELEASED,
      });
    });

    test('returns the reservations that it cleaned and their jobs as they are now', async () => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1)] });
      expect(await clean(await stale())).toMatchObject([
        {
          id: '1',
          status: 'RELEASED',
          releasedTime: clock.now(),
          job: { state: 'FAILED', endTime: clock.now(), errorMsg: 'never started', exitCode: '-3:0' },
        },
      ]);
    });

    test("takes its times from the database's clock, however wrong this process's is", async () => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1)] });
      const { repository, transaction } = cluster.store();
      const work = () =>
        transaction(async (trx) => {
          const rows = await repository.getStaleReservations(trx, 10);
          return repository.cleanupStaleReservations(trx, rows);
        });
      await expectServerTimes(cluster, work, ({ jobs, allocations }) => [
        jobs[0]?.endTime,
        allocations[0]?.releasedTime,
      ]);
    });

    test('cleans all stale reservations of a job together', async () => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1), reserved(2, 1)] });
      const rows = await stale();
      expect(idsOf(await clean(rows))).toEqual(['1', '2']);
    });

    test.each([
      ['job was queued again', set('jobs', 1, { state: 'PENDING', startTime: null })],
      ['job is finished', set('jobs', 1, { state: 'COMPLETED' })],
      ['job has an unknown state', set('jobs', 1, { state: 'running' })],
      ['job started anew', set('jobs', 1, { startTime: ago(2 * HOUR, 4) })],
      ['reservation was taken up', set('allocations', 1, { status: 'ALLOCATED' })],
      ['reservation was released', set('allocations', 1, { status: 'RELEASED' })],
      ['reservation has an unknown status', set('allocations', 1, { status: 'DRAINING' })],
      ['reservation has no status', set('allocations', 1, { status: null })],
      ['reservation was renewed', set('allocations', 1, { allocationTime: ago(0) })],
      ['reservation lost its time', set('allocations', 1, { allocationTime: null })],
      ['reservation went to another job', set('allocations', 1, { jobId: '3' })],
      ['reservation was deleted', deletion('allocations', 1)],
    ])('passes over a reservation when, since it was read, the %s', async (_what, change) => {
      const jobs = [job(1, started), job(2, started), job(3, started)];
      await cluster.seed({ jobs, allocations: [reserved(1, 1), reserved(2, 2)] });
      const rows = await stale();
      await cluster.act(change);
      const record = recordOutcomes<AllocationWithJob>();
      const changes = await changesOf(cluster, () => clean(rows, record));
      expect(changes).toEqual({ 'jobs/2': FAILED, 'allocations/2': RELEASED });
      expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
    });

    test.each(siblings(ago).live)('passes over a reservation that got a sibling which $name', async ({ row }) => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1)] });
      const rows = await stale();
      await cluster.seed({ allocations: [allocation(2, 1, row)] });
      expect(await changesOf(cluster, async () => expect(await clean(rows)).toEqual([]))).toEqual({});
    });

    test.each(siblings(ago).dead)('cleans a reservation that got a sibling which $name', async ({ row }) => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1)] });
      const rows = await stale();
      await cluster.seed({ allocations: [allocation(2, 1, row)] });
      const changes = await changesOf(cluster, () => clean(rows));
      expect(changes).toEqual({ 'jobs/1': FAILED, 'allocations/1': RELEASED });
    });

    testHeldRows(
      cluster,
      [
        { what: 'the job', rows: [['jobs', '1']] },
        { what: 'the reservation', rows: [['allocations', '1']] },
        { what: 'a sibling', rows: [['allocations', '3']], areOnlySeen: true },
      ],
      async () => {
        await cluster.seed({ jobs: [job(1, started), job(2, started)], allocations: [reserved(1, 1), reserved(2, 2)] });
        const rows = await stale();
        await cluster.seed({ allocations: [reserved(3, 1)] });
        const record = recordOutcomes<AllocationWithJob>();
        return {
          run: () => clean(rows, record),
          changes: { 'jobs/2': FAILED, 'allocations/2': RELEASED },
          check: () => expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]),
        };
      },
    );

    test.each(['ALLOCATED', 'RELEASED'] as const)('passes over what is no reservation, given as %s', async (status) => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1)] });
      const given = (await stale()).map((row) => ({ ...handMade(row), status }));
      await cluster.act(set('allocations', 1, { status }));
      expect(await changesOf(cluster, async () => expect(await clean(given)).toEqual([]))).toEqual({});
    });

    test('judges the siblings of a reservation made by hand by its own age', async () => {
      const jobs = [job(1, started), job(2, started)];
      await cluster.seed({ jobs, allocations: [reserved(1, 1), reserved(2, 2)] });
      const given = (await stale()).map((row) => ({ ...handMade(row), job: handMade(row.job) }));
      await cluster.seed({
        allocations: [reserved(3, 1, { allocationTime: ago(2 * HOUR) }), reserved(4, 2, { allocationTime: ago(0) })],
      });
      expect(idsOf(await clean(given))).toEqual(['1']);
    });

    test('of nothing changes nothing and says so', async () => {
      const record = recordOutcomes<AllocationWithJob>();
      expect(await clean([], record)).toEqual([]);
      expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
    });

    test('cleans a reservation that it is given twice once', async () => {
      await cluster.seed({ jobs: [job(1, started)], allocations: [reserved(1, 1)] });
      const rows = await stale();
      const record = recordOutcomes<AllocationWithJob>();
      expect(idsOf(await clean([...rows, ...rows], record))).toEqual(['1']);
      expect(record.outcomes).toEqual([{ changed: ['1'], contended: [] }]);
    });
  });

  describe('cleanupStaleReservation', () => {
    const cleanOne = async (errorMsg?: string) => {
      const { repository, transaction } = cluster.store({ clock });
      const [row] = await stale();
      if (row === undefined) throw new Error('Nothing is stale');
      const once = () => transaction((trx) => repository.cleanupStaleReservation(trx, row, errorMsg));
      return [await once(), await once()];
    };

    test.each([
      ['the English text', undefined, presets.en.staleReservationError],
      ['the text it is given', 'never started', 'never started'],
    ])('does the same for one reservation, with %s, and says whether it was cleaned', async (_what, given, written) => {
      await cluster.seed({ jobs: [job(1, started), job(2, started)], allocations: [reserved(1, 1)] });
      const changes = await changesOf(cluster, async () => expect(await cleanOne(given)).toEqual([true, false]));
      expect(changes).toEqual({ 'jobs/1': { ...FAILED, errorMsg: written }, 'allocations/1': RELEASED });
    });
  });
}
