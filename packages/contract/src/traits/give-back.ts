import {
  type AllocationWithJob,
  type Job,
  runPass,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns, TableName } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job, upTo } from '../support/rows.js';
import { clock, DAY, HOUR, MINUTE, WRITTEN_NOW } from '../support/times.js';
import { type ClusterUnderTest, set, whileHeld } from '../support/under-test.js';

/** The tries are counted in a column that jobsweep knows nothing of otherwise. */
const requeue = { triesColumn: 'tenant', maxTries: 2 } as const;
const filters = { ageColumn: 'heartbeat' } as const;

/** Jobs that are given back in place of failing. */
export function describeGiveBack<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const open = () => cluster.store({ clock, filters, maxAttempts: 1 });
  const released = { status: 'RELEASED', releasedTime: WRITTEN_NOW };
  const again = (tries: number) => ({ state: 'PENDING', tenant: String(tries) });

  describe('requeue', () => {
    test('is refused without a sign of life, and where it makes no sense', () => {
      const { repository } = cluster.store({ clock });
      const make =
        (option: object, of = repository) =>
        () =>
          new StuckJobCleanupStrategy(of, { requeue: { ...requeue, ...option } });
      const refused = (field: string, fix = ''): unknown =>
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: expect.stringMatching(`requeue.${field}.*${fix}`) as string,
        });
      expect(make({})).toThrow(refused('state', 'filters.ageColumn'));
      const alive = open().repository;
      expect(make({}, alive)).not.toThrow();
      expect(make({ maxTries: 0 }, alive)).toThrow(refused('maxTries'));
      expect(make({ triesColumn: undefined, maxTries: undefined }, alive)).toThrow(
        refused('triesColumn', 'PENDING.set'),
      );
      expect(make({ triesColumn: undefined }, alive)).toThrow(refused('maxTries', 'triesColumn'));
      expect(make({ triesColumn: '' }, alive)).toThrow(refused('triesColumn'));
      expect(make({ runAfterSeconds: 5 }, alive)).toThrow(refused('runAfterSeconds', 'runAfterColumn'));
      expect(make({ state: 'RUNNING' }, alive)).toThrow(refused('state', 'PENDING'));
      expect(make({ triesColumn: 'heartbeat' }, alive)).toThrow(refused('triesColumn', 'mapped to nothing else'));
      const named = cluster.store({
        clock,
        filters: { exclude: { name: 'x', exists: { table: 'beats', key: 'job' } } },
      });
      expect(make({}, named.repository)).toThrow(refused('state', 'sign of life'));
      expect(make({ retries: 3 }, alive)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    });

    describe('of stuck jobs', () => {
      const stuck = (id: number, columns: Columns = {}) =>
        job(id, { startTime: ago(3 * DAY), heartbeat: ago(3 * DAY), ...columns });
      const find = () => {
        const { repository, transaction } = open();
        return transaction((session) => repository.getStuckJobs(session, 48));
      };
      const giveBack = (jobs: readonly Job[], record = recordOutcomes<Job>()) => {
        const { repository, transaction } = open();
        return transaction((session) => repository.giveBackJobs(session, jobs, requeue, 'hung', '-2:0', record));
      };

      test('counts tries, releases what the job holds in the same write, and fails jobs without tries', async () => {
        await cluster.seed({
          jobs: [stuck(1), stuck(2, { tenant: '1' }), stuck(3, { tenant: '2' }), stuck(4, { heartbeat: ago(1) })],
          allocations: [
            ...upTo(4).map((id) => allocation(id, id)),
            allocation(5, 1, { status: 'RESERVED' }),
            allocation(6, 1, { status: 'DRAINING' }),
          ],
        });
        const rows = await find();
        const changes = await changesOf(cluster, async () => {
          const changed = await giveBack(rows);
          expect(changed.map(({ id, state }) => [id, state]).sort()).toEqual([
            ['1', 'PENDING'],
            ['2', 'PENDING'],
            ['3', 'FAILED'],
          ]);
        });
        expect(changes).toEqual({
          'jobs/1': again(1),
          'jobs/2': again(2),
          'jobs/3': { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'hung', exitCode: '-2:0' },
          'allocations/1': released,
          'allocations/2': released,
          'allocations/5': released,
        });
      });

      test.each([
        ['has beaten', { heartbeat: ago(0) }],
        ['has finished', { state: 'COMPLETED' }],
        ['was given back and begun', { startTime: ago(1) }],
      ])('passes over a job that %j since it was read', async (_what, columns) => {
        await cluster.seed({ jobs: [stuck(1), stuck(2)], allocations: [allocation(1, 1), allocation(2, 2)] });
        const rows = await find();
        await cluster.act(set('jobs', 1, columns));
        const changes = await changesOf(cluster, async () => expect(idsOf(await giveBack(rows))).toEqual(['2']));
        expect(changes).toEqual({ 'jobs/2': again(1), 'allocations/2': released });
      });

      const { transactions, skipsLocked } = cluster.capabilities;
      if (transactions) {
        test.each<TableName>(['jobs', 'allocations'])('waits for no job of which others hold %s', async (table) => {
          await cluster.seed({ jobs: [stuck(1), stuck(2)], allocations: [allocation(1, 1), allocation(2, 2)] });
          const rows = await find();
          const record = recordOutcomes<Job>();
          const held = whileHeld(cluster, [[table, '1']], () => giveBack(rows, record));
          if (!skipsLocked) return expect(held).rejects.toMatchObject({ code: 'CONFLICT' });
          expect(idsOf(await held)).toEqual(['2']);
          expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
        });
      }

      test('happens in a pass until the tries are used up', async () => {
        await cluster.seed({ jobs: [stuck(1)], allocations: [allocation(1, 1)] });
        const { repository, ...store } = open();
        const pass = () => runPass(store, new StuckJobCleanupStrategy(repository, { requeue }));
        const begin = { state: 'RUNNING' };
        for (const tries of [1, 2]) {
          expect(await pass()).toMatchObject({ itemsCleaned: 1, stopReason: 'drained' });
          expect((await cluster.read()).jobs).toMatchObject([{ ...again(tries), endTime: null, errorMsg: null }]);
          await cluster.act(set('jobs', 1, begin), set('allocations', 1, { status: 'ALLOCATED' }));
        }
        expect(await pass()).toMatchObject({ itemsCleaned: 1 });
        const { jobs, allocations } = await cluster.read();
        expect([jobs[0]?.state, jobs[0]?.exitCode, allocations[0]?.status]).toEqual(['FAILED', '-2:0', 'RELEASED']);
      });
    });

    describe('of stale reservations', () => {
      const begun = (id: number, columns: Columns = {}) => job(id, { startTime: ago(HOUR), ...columns });
      const reserved = { status: 'RESERVED', allocationTime: ago(HOUR) };
      const find = () => {
        const { repository, transaction } = open();
        return transaction((session) => repository.getStaleReservations(session, 10, { requeue }));
      };
      const clean = (rows: readonly AllocationWithJob[]) => {
        const { repository, transaction } = open();
        return transaction((session) => repository.cleanupStaleReservations(session, rows, 'late', { requeue }));
      };

      test('is of jobs that give no sign of life, their start included, and releases all that they hold', async () => {
        await cluster.seed({
          jobs: [
            begun(1),
            begun(2, { tenant: '2' }),
            begun(3, { heartbeat: ago(MINUTE) }),
            begun(4, { heartbeat: ago(HOUR) }),
            job(5, { startTime: ago(MINUTE) }),
            job(6),
          ],
          allocations: [...upTo(6).map((id) => allocation(id, id, reserved)), allocation(7, 1, reserved)],
        });
        const rows = await find();
        expect(idsOf(rows)).toEqual(['1', '2', '4', '7']);
        const rule = { name: 'stale_reservation_cleanup', maxAgeMinutes: 10, requeue } as const;
        expect((await open().inspect.totals(rule)).due).toBe(4);
        const changes = await changesOf(cluster, async () => {
          const cleaned = await clean(rows.slice(0, 3));
          expect(cleaned.map(({ id, job: { state } }) => [id, state])).toEqual([
            ['1', 'PENDING'],
            ['2', 'FAILED'],
            ['4', 'PENDING'],
          ]);
        });
        expect(changes).toEqual({
          'jobs/1': again(1),
          'jobs/2': { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'late', exitCode: '-3:0' },
          'jobs/4': again(1),
          ...Object.fromEntries([1, 2, 4, 7].map((id) => [`allocations/${id}`, released])),
        });
      });

      test('passes over a job that has beaten since it was read', async () => {
        await cluster.seed({
          jobs: [begun(1), begun(2)],
          allocations: [1, 2].map((id) => allocation(id, id, reserved)),
        });
        const rows = await find();
        await cluster.act(set('jobs', 1, { heartbeat: ago(0) }));
        expect(idsOf(await clean(rows))).toEqual(['2']);
      });

      test('happens in a pass', async () => {
        await cluster.seed({
          jobs: upTo(5).map((id) => begun(id)),
          allocations: upTo(5).map((id) => allocation(id, id, reserved)),
        });
        const { repository, ...store } = open();
        const strategy = new StaleReservationCleanupStrategy(repository, { requeue });
        expect(await runPass(store, strategy, { batchRows: 2 })).toMatchObject({ itemsCleaned: 5, itemsFound: 5 });
        const { jobs } = await cluster.read();
        expect(jobs.map(({ state }) => state)).toEqual(upTo(5).map(() => 'PENDING'));
      });
    });
  });
}
