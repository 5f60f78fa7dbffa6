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
}
