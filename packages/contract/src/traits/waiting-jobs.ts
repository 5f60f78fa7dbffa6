import { type Job, runPass, WaitingJobCleanupStrategy } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns, ContractSubject } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, idsOf, job, upTo } from '../support/rows.js';
import { clock, DAY, HOUR, WRITTEN_NOW } from '../support/times.js';
import { set, useCluster, whileHeld } from '../support/under-test.js';

/** Jobs of which the table tells when they were queued: here by the column that is a heartbeat elsewhere. */
export function describeWaitingJobs<Session extends object>(subject: ContractSubject<Session>): void {
  describe('that tell when a job was queued', () => {
    const cluster = useCluster(subject, { schema: { jobs: { columns: { createdTime: 'heartbeat' } } } });
    const { ago } = cluster;
    const open = () => cluster.store({ clock, maxAttempts: 1 });
    const waiting = (id: number, days: number, columns: Columns = {}) =>
      job(id, { state: 'PENDING', heartbeat: ago(days * DAY, 1), ...columns });
    const find = (page = {}) => {
      const { repository, transaction } = open();
      return transaction((session) => repository.getWaitingJobs(session, 7, page));
    };
    const fail = (rows: readonly Job[], record = recordOutcomes<Job>()) => {
      const { repository, transaction } = open();
      return transaction((session) => repository.failWaitingJobs(session, rows, 'never', record));
    };
    const failed = { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'never', exitCode: '-4:0' };

    test('getWaitingJobs returns those that wait for their first start past the limit, oldest first', async () => {
      await cluster.seed({
        jobs: [
          waiting(1, 8),
          waiting(2, 9),
          waiting(3, 7),
          job(4, { state: 'PENDING', heartbeat: ago(7 * DAY) }),
          waiting(5, 8, { heartbeat: null }),
          waiting(6, 8, { startTime: ago(HOUR) }),
          ...['RUNNING', 'FAILED', 'pending', 'SUSPENDED'].map((state, index) => waiting(7 + index, 8, { state })),
        ],
      });
      expect(idsOf(await find())).toEqual(['2', '1', '3']);
      const [first] = await find({ limit: 1 });
      expect(idsOf(await find({ limit: 1, after: first }))).toEqual(['1']);
      const { capabilities, inspect } = open();
      expect(capabilities.strategies.at(-1)).toBe('waiting_job_cleanup');
      const totals = await inspect.totals({ name: 'waiting_job_cleanup', maxAgeDays: 7 });
      expect(totals).toMatchObject({ due: 3, population: 5, undated: 1 });
      expect(totals.oldestAgeSeconds).toBeCloseTo(9 * DAY, 0);
    });

    test('failWaitingJobs fails them and nothing else, and returns them as they are then', async () => {
      await cluster.seed({ jobs: [waiting(1, 8), waiting(2, 8), job(3, { state: 'RUNNING' })] });
      const [one] = await find();
      const running = { ...(one as Job), id: '3', state: 'RUNNING' } as const;
      const changes = await changesOf(cluster, async () =>
        expect(await fail([one as Job, handMade(running)])).toMatchObject([
          { id: '1', state: 'FAILED', exitCode: '-4:0' },
        ]),
      );
      expect(changes).toEqual({ 'jobs/1': failed });
    });

    test.each([
      ['was started', { state: 'RUNNING', startTime: ago(1) }],
      ['was started without a time', { state: 'RUNNING' }],
      ['was given back', { startTime: ago(1) }],
      ['was queued anew', { heartbeat: ago(1) }],
      ['is in an unknown state', { state: 'SUSPENDED' }],
    ])('failWaitingJobs passes over a job that %j since it was read', async (_what, columns) => {
      await cluster.seed({ jobs: [waiting(1, 8), waiting(2, 8)] });
      const rows = await find();
      await cluster.act(set('jobs', 1, columns));
      const changes = await changesOf(cluster, async () => expect(idsOf(await fail(rows))).toEqual(['2']));
      expect(Object.keys(changes)).toEqual(['jobs/2']);
    });

    const { transactions, skipsLocked } = cluster.capabilities;
    if (transactions) {
      test('failWaitingJobs does not wait for a job that others hold', async () => {
        await cluster.seed({ jobs: [waiting(1, 8), waiting(2, 8)] });
        const rows = await find();
        const record = recordOutcomes<Job>();
        const held = whileHeld(cluster, [['jobs', '1']], () => fail(rows, record));
        if (!skipsLocked) return expect(held).rejects.toMatchObject({ code: 'CONFLICT' });
        expect(idsOf(await held)).toEqual(['2']);
        expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
      });
    }

    test('a pass of waiting_job_cleanup fails all of them, page by page, and releases what they hold', async () => {
      await cluster.seed({
        jobs: upTo(5).map((id) => waiting(id, 7 + id)),
        allocations: [allocation(1, 1, { status: 'RESERVED' }), allocation(2, 3)],
      });
      const { repository, ...store } = open();
      const pass = await runPass(store, new WaitingJobCleanupStrategy(repository), { batchRows: 2 });
      expect(pass).toMatchObject({ stopReason: 'drained', itemsCleaned: 5, itemsFound: 5 });
      const { jobs, allocations } = await cluster.read();
      expect(new Set(jobs.map(({ state }) => state))).toEqual(new Set(['FAILED']));
      expect(allocations.map(({ status }) => status)).toEqual(['RELEASED', 'RELEASED']);
    });
  });
  describe('that are queued anew', () => {
    const states = { PENDING: { when: { state: 'PENDING' }, set: { heartbeat: { now: true } } }, ...OTHERS } as const;
    const cluster = useCluster(subject, { schema: { jobs: { columns: { createdTime: 'heartbeat' }, states } } });
    const { ago } = cluster;
    const requeue = { triesColumn: 'tenant', maxTries: 2 } as const;
    const open = () => cluster.store({ clock, maxAttempts: 1 });
    const waiting = (id: number, columns: Columns = {}) =>
      job(id, { state: 'PENDING', heartbeat: ago(8 * DAY, 1), ...columns });
    const released = { status: 'RELEASED', releasedTime: WRITTEN_NOW };

    test('failWaitingJobs counts tries, renews the time and releases what they hold, until the tries are used up', async () => {
      await cluster.seed({
        jobs: [waiting(1), waiting(2, { tenant: '1' }), waiting(3, { tenant: '2' }), waiting(4), waiting(5)],
        allocations: [allocation(1, 1, { status: 'RESERVED' }), allocation(2, 3), allocation(3, 4)],
      });
      const { repository, transaction } = open();
      const rows = await transaction((session) => repository.getWaitingJobs(session, 7));
      await cluster.act(set('jobs', 4, { startTime: ago(1) }), set('jobs', 5, { heartbeat: ago(1) }));
      const changes = await changesOf(cluster, async () => {
        const changed = await transaction((session) => repository.failWaitingJobs(session, rows, 'never', { requeue }));
        expect(changed.map(({ id, state }) => [id, state]).sort()).toEqual([
          ['1', 'PENDING'],
          ['2', 'PENDING'],
          ['3', 'FAILED'],
        ]);
      });
      expect(changes).toEqual({
        'jobs/1': { heartbeat: WRITTEN_NOW, tenant: '1' },
        'jobs/2': { heartbeat: WRITTEN_NOW, tenant: '2' },
        'jobs/3': { state: 'FAILED', endTime: WRITTEN_NOW, errorMsg: 'never', exitCode: '-4:0' },
        'allocations/1': released,
      });
    });

    test('happens in a pass of waiting_job_cleanup, once', async () => {
      await cluster.seed({
        jobs: [...upTo(4).map((id) => waiting(id)), waiting(5, { tenant: '2' })],
        allocations: upTo(5).map((id) => allocation(id, id)),
      });
      const { repository, ...store } = open();
      const pass = () => runPass(store, new WaitingJobCleanupStrategy(repository, { requeue }), { batchRows: 2 });
      expect(await pass()).toMatchObject({ stopReason: 'drained', itemsCleaned: 5, itemsFound: 5 });
      expect(await pass()).toMatchObject({ itemsFound: 0 });
      const { jobs, allocations } = await cluster.read();
      expect(jobs.map(({ state }) => state)).toEqual([...upTo(4).map(() => 'PENDING'), 'FAILED']);
      expect(new Set(allocations.map(({ status }) => status))).toEqual(new Set(['RELEASED']));
    });

    test('is refused where a job would wait for too long at once, and needs no sign of life', () => {
      const make =
        (option: object, of = open().repository) =>
        () =>
          new WaitingJobCleanupStrategy(of, { requeue: { ...requeue, ...option } });
      const refused = (field: string, fix: string): unknown =>
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: expect.stringMatching(`requeue.${field}.*${fix}`) as string,
        });
      expect(make({})).not.toThrow();
      expect(make({ triesColumn: 'heartbeat' })).toThrow(refused('triesColumn', 'mapped to nothing else'));
      const { repository } = cluster.store({ clock, schema: { jobs: { columns: { createdTime: 'heartbeat' } } } });
      expect(make({}, repository)).toThrow(refused('state', 'heartbeat as { now: true }.*runAfterColumn'));
      expect(make({ runAfterColumn: 'heartbeat' }, repository)).not.toThrow();
    });
  });
}

/** Each written as its name. */
const OTHERS = { RUNNING: 'RUNNING', COMPLETED: 'COMPLETED', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;
