import {
  type CleanupRow,
  type CleanupStrategy,
  OldJobCleanupStrategy,
  runPass,
  StuckJobCleanupStrategy,
} from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { allocation, job, upTo } from '../support/rows.js';
import { clock, DAY } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

/** More than one statement takes. */
const MANY = 5200;

/** A job may have any number of allocations, and no statement of a pass, and no transaction, is larger for it. */
export function describeSizes<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const running = { state: 'RUNNING', startTime: ago(3 * DAY) };
  const old = { state: 'COMPLETED', startTime: ago(41 * DAY), endTime: ago(40 * DAY) };

  const many = (jobId: number, status: string) =>
    upTo(MANY).map((id) => allocation(jobId * 100_000 + id, jobId, { status, allocationTime: ago(3 * DAY) }));

  const passOf = <Row extends CleanupRow>(
    strategyOn: (repository: ReturnType<typeof cluster.store>['repository']) => CleanupStrategy<Session, Row>,
  ) => {
    const store = cluster.store({ clock });
    return runPass(store, strategyOn(store.repository));
  };

  /** The state of each job that is left, and how many allocations of it there are, by status. */
  const left = async () => {
    const { jobs, allocations } = await cluster.read();
    const held: Record<string, number> = {};
    for (const { jobId, status } of allocations) {
      const key = `${String(jobId)} ${String(status)}`;
      held[key] = (held[key] ?? 0) + 1;
    }
    return { jobs: Object.fromEntries(jobs.map(({ id, state }) => [String(id), state])), held };
  };

  describe('a job with more allocations than one statement takes', () => {
    test('is deleted after them in several transactions, or stays with all of them', async () => {
      const keeper = allocation(299_999, 2, { status: 'ALLOCATED' });
      await cluster.seed({
        jobs: [job(1, old), job(2, old), job(3, old)],
        allocations: [...many(1, 'RELEASED'), ...many(2, 'RELEASED'), keeper, allocation(1, 3, { status: 'RELEASED' })],
      });
      const result = await passOf((repository) => new OldJobCleanupStrategy(repository));
      expect(result).toMatchObject({ stopReason: 'drained', itemsCleaned: 2, itemsFound: 2 });
      // Without transactions the job goes first, and nothing is held open while its allocations go after it.
      if (cluster.capabilities.transactions) expect(result.batches).toBeGreaterThan(1);
      expect(await left()).toEqual({ jobs: { 2: 'COMPLETED' }, held: { '2 RELEASED': MANY, '2 ALLOCATED': 1 } });
    });

    test('is failed, and lets go of all of them in several transactions', async () => {
      await cluster.seed({
        jobs: [job(1, running), job(2, running)],
        allocations: [...many(1, 'ALLOCATED'), allocation(1, 2)],
      });
      const result = await passOf((repository) => new StuckJobCleanupStrategy(repository));
      expect(result).toMatchObject({ stopReason: 'drained', itemsCleaned: 2, itemsFound: 2, itemsPassedOver: 0 });
      expect(await left()).toEqual({
        jobs: { 1: 'FAILED', 2: 'FAILED' },
        held: { '1 RELEASED': MANY, '2 RELEASED': 1 },
      });
    });

    test('is stale when all of them are', async () => {
      const keeper = allocation(299_999, 2, { status: 'ALLOCATED', allocationTime: ago(3 * DAY) });
      const reserved = [1, 2].map((id) => allocation(id, id, { status: 'RESERVED', allocationTime: ago(4 * DAY) }));
      await cluster.seed({
        jobs: [job(1, running), job(2, running)],
        allocations: [...reserved, ...many(1, 'RELEASED'), ...many(2, 'RELEASED')],
      });
      const { repository, transaction } = cluster.store({ clock });
      const found = await transaction((session) => repository.getStaleReservations(session, 10));
      await cluster.act({ table: 'allocations', insert: keeper });
      const cleaned = await transaction((session) => repository.cleanupStaleReservations(session, found));
      expect(cleaned.map(({ id }) => id)).toEqual(['1']);
      expect(await left()).toEqual({
        jobs: { 1: 'FAILED', 2: 'RUNNING' },
        held: { '1 RELEASED': MANY + 1, '2 RELEASED': MANY, '2 RESERVED': 1, '2 ALLOCATED': 1 },
      });
    });
  });

  describe('a name and a message that are longer than anybody reads', () => {
    const long = 'long '.repeat(50).trim();

    test('are cut where they are shown, with a mark, and are nothing to the repair', async () => {
      await cluster.seed({
        jobs: [job(1, { ...old, name: long, errorMsg: long }), job(2, { ...running, name: long })],
      });
      const { repository, transaction } = cluster.store({ clock });
      const cut = `${long.slice(0, 200)}…`;
      const [oldJob] = await transaction((session) => repository.getOldJobs(session, 30));
      expect(oldJob).toMatchObject({ name: cut, errorMsg: cut });
      const stuck = await transaction((session) => repository.getStuckJobs(session, 48));
      expect(stuck).toMatchObject([{ name: cut }]);
      const failed = await transaction((session) => repository.markJobsAsFailed(session, stuck, 'Stuck'));
      expect(failed).toMatchObject([{ name: cut, state: 'FAILED' }]);
      expect((await cluster.read()).jobs).toMatchObject([{ name: long }, { name: long, errorMsg: 'Stuck' }]);
    });
  });
}
