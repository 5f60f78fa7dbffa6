import {
  CompletedJobCleanupStrategy,
  OldJobCleanupStrategy,
  type PassOptions,
  runPass,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { TABLES, useCluster } from '../support/cluster.js';
import { allocation, changesOf, idsOf, job, seed } from '../support/rows.js';
import { ago, clock, DAY, HOUR, WRITTEN_NOW } from '../support/times.js';

const cluster = useCluster(`${TABLES}
  create table invoices (id bigint, job_id bigint constraint invoices_of_jobs references jobs);
  create function refuse() returns trigger language plpgsql as $$
    begin raise exception 'Node of allocation % is locked', old.id using constraint = 'node_lock'; end $$;
  create trigger locked_node before update on resource_allocations for each row when (old.node = 'locked')
    execute function refuse();
  create function refuse_job() returns trigger language plpgsql as $$
    begin raise exception 'Job % is pinned', old.id; end $$;
  create trigger pinned before update on jobs for each row when (old.owner = 'pinned') execute function refuse_job();`);

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const remaining = async (table: string) =>
  idsOf((await cluster.sql.query<{ id: string }>(`select id from ${table} order by id`)).rows);

describe('a pass over rows of which the database refuses some', () => {
  test('deletes every other job, and reports the refused ones with the constraint', async () => {
    const old = { state: 'COMPLETED', end_time: ago(40 * DAY) };
    await seed(cluster.sql, {
      jobs: upTo(25).map((id) => job(id, old)),
      allocations: upTo(25).map((id) => allocation(id, id, { status: 'RELEASED' })),
    });
    await cluster.sql.query('insert into invoices values (1, 3), (2, 17), (3, 25)');
    const store = cluster.store({ clock });
    const repaired: string[] = [];
    const result = await runPass(store, new OldJobCleanupStrategy(store.repository), {
      batchRows: 10,
      onRepaired: (jobs) => {
        repaired.push(...idsOf(jobs));
      },
    });
    const blocked = (id: string) => ({ id, code: 'ROW_REJECTED', constraint: 'invoices_of_jobs' });
    expect(result).toMatchObject({
      status: 'done',
      stopReason: 'blocked',
      itemsFound: 25,
      itemsCleaned: 22,
      itemsBlocked: 3,
      blocked: ['3', '17', '25'].map(blocked),
    });
    expect(await remaining('jobs')).toEqual(['3', '17', '25']);
    expect(await remaining('resource_allocations')).toEqual(['3', '17', '25']);
    expect(repaired).toHaveLength(22);
    expect(new Set(repaired).size).toBe(22);
  });

  test('finds the same rows blocked again the next time, and repairs them once they are free', async () => {
    await seed(cluster.sql, { jobs: upTo(5).map((id) => job(id, { state: 'FAILED', end_time: ago(40 * DAY) })) });
    await cluster.sql.query('insert into invoices values (1, 1)');
    const store = cluster.store({ clock });
    const pass = () => runPass(store, new OldJobCleanupStrategy(store.repository), { batchRows: 2 });
    expect(await pass()).toMatchObject({ itemsCleaned: 4, itemsBlocked: 1 });
    expect(await pass()).toMatchObject({ itemsCleaned: 0, itemsBlocked: 1, blocked: [{ id: '1' }] });
    await cluster.sql.query('delete from invoices');
    expect(await pass()).toMatchObject({ itemsCleaned: 1, itemsBlocked: 0, stopReason: 'drained' });
  });

  test.each<[string, PassOptions]>([
    ['rows', { maxRows: 4 }],
    ['time', { timeoutSeconds: 0.5 }],
  ])('deletes those behind 60 refused ones in some passes, each of which ends by its %s', async (_what, bound) => {
    const ended = (id: number) => ({ state: 'COMPLETED', end_time: ago(40 * DAY - Math.floor(id / 3) * 60) });
    await seed(cluster.sql, { jobs: upTo(80).map((id) => job(id, ended(id))) });
    await cluster.sql.query('insert into invoices select id, id from jobs where id <= 60');
    const store = cluster.store({ clock });
    const strategy = new OldJobCleanupStrategy(store.repository);
    // A clock that goes on by a hundredth of a second whenever it is looked at.
    let nowMs = 0;
    const timing = { nowMs: () => (nowMs += 10), sleep: async () => {} };
    let place: string | null = null;
    for (let passes = 0; passes < 40 && (await remaining('jobs')).length > 60; passes += 1) {
      ({ place } = await runPass(store, strategy, { ...bound, place, timing, pauseFraction: 0 }));
    }
    expect(await remaining('jobs')).toEqual(upTo(60).map(String));
  });

  test('releases every allocation but the one that a trigger refuses, with its words', async () => {
    const allocations = upTo(7).map((id) => allocation(id, 1, { node: id === 4 ? 'locked' : 'n1' }));
    await seed(cluster.sql, { jobs: [job(1, { state: 'COMPLETED' })], allocations });
    const store = cluster.store({ clock });
    const result = await runPass(store, new CompletedJobCleanupStrategy(store.repository), { batchRows: 3 });
    expect(result).toMatchObject({
      itemsCleaned: 6,
      blocked: [{ id: '4', constraint: 'node_lock', message: expect.stringContaining('Node of allocation 4') }],
    });
    const held = "select id from resource_allocations where status <> 'RELEASED'";
    expect((await cluster.sql.query(held)).rows).toEqual([{ id: '4' }]);
  });

  test('fails no job of a stale reservation that cannot be released', async () => {
    const stale = { status: 'RESERVED', allocation_time: ago(HOUR) };
    const allocations = [allocation(1, 1, stale), allocation(2, 2, { ...stale, node: 'locked' })];
    await seed(cluster.sql, { jobs: [job(1), job(2)], allocations });
    const store = cluster.store({ clock });
    const changes = await changesOf(cluster.sql, async () => {
      const result = await runPass(store, new StaleReservationCleanupStrategy(store.repository));
      expect(result).toMatchObject({ itemsCleaned: 1, blocked: [{ id: '2' }] });
    });
    expect(changes).toMatchObject({ 'resource_allocations/1': { status: 'RELEASED', released_time: WRITTEN_NOW } });
    expect(Object.keys(changes)).toEqual(['jobs/1', 'resource_allocations/1']);
  });

  test('releases nothing of a stuck job that cannot be failed', async () => {
    const started = { start_time: ago(49 * HOUR) };
    const jobs = [job(1, started), job(2, { ...started, owner: 'pinned' }), job(3, started)];
    await seed(cluster.sql, { jobs, allocations: upTo(3).map((id) => allocation(id, id)) });
    const store = cluster.store({ clock });
    const changes = await changesOf(cluster.sql, async () => {
      const result = await runPass(store, new StuckJobCleanupStrategy(store.repository));
      expect(result).toMatchObject({ itemsCleaned: 2, blocked: [{ id: '2', code: 'ROW_REJECTED' }] });
    });
    expect(Object.keys(changes)).toEqual(['jobs/1', 'jobs/3', 'resource_allocations/1', 'resource_allocations/3']);
  });
});
