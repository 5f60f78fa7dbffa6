import { runPass, WaitingJobCleanupStrategy } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import type { Columns, ContractSubject } from '../cluster.js';
import { changesOf } from '../support/changes.js';
import { allocation, job, upTo } from '../support/rows.js';
import { clock, DAY, WRITTEN_NOW } from '../support/times.js';
import { set, useCluster } from '../support/under-test.js';

/** Each written as its name. */
const OTHERS = { RUNNING: 'RUNNING', COMPLETED: 'COMPLETED', FAILED: 'FAILED', CANCELLED: 'CANCELLED' } as const;

/** Jobs that waited for too long and are given back: by the column that is a heartbeat elsewhere. */
export function describeQueuedAnew<Session extends object>(subject: ContractSubject<Session>): void {
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
