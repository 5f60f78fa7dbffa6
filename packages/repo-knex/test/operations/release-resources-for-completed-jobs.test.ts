import type { AllocationWithJob, WriteOptions } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, changesOf, idsOf, job, seed } from '../support/rows.js';
import { ago, clock, HOUR, WRITTEN_NOW } from '../support/times.js';

const cluster = useCluster();
const done = { state: 'COMPLETED', start_time: ago(2 * HOUR, 5), end_time: ago(HOUR) };
const RELEASED = { status: 'RELEASED', released_time: WRITTEN_NOW };
const held = (id: number, jobId: number, status = 'ALLOCATED') =>
  allocation(id, jobId, { status, allocation_time: ago(2 * HOUR, 5) });

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
    const jobs = [job(1, done), job(2, { ...done, state: 'FAILED' }), job(3, { ...done, state: 'CANCELLED' }), job(4)];
    const allocations = [
      held(1, 1),
      held(2, 1, 'RESERVED'),
      held(3, 2),
      held(4, 3),
      held(5, 3),
      held(6, 4),
      held(7, 1, 'DRAINING'),
      allocation(8, 1, { status: 'RELEASED', released_time: ago(HOUR) }),
    ];
    await seed(cluster.sql, { jobs, allocations });
    const given = (await unreleased()).filter(({ id }) => id !== '5');
    const changes = await changesOf(cluster.sql, async () => expect(await release(given)).toBe(4));
    expect(changes).toEqual({
      'resource_allocations/1': RELEASED,
      'resource_allocations/2': RELEASED,
      'resource_allocations/3': RELEASED,
      'resource_allocations/4': RELEASED,
    });
  });

  test('reports the allocations as they are now', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [held(1, 1)] });
    const onOutcome = vi.fn();
    await release(await unreleased(), { onOutcome });
    const changed = [{ id: '1', status: 'RELEASED', releasedTime: clock.now(), job: { id: '1', state: 'COMPLETED' } }];
    expect(onOutcome.mock.calls).toMatchObject([[{ changed, contended: [] }]]);
  });

  test("takes the release time from the database's clock, however wrong this process's is", async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [held(1, 1)] });
    const { repository, transaction } = cluster.store();
    const rows = await unreleased();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
    await transaction((trx) => repository.releaseResourcesForCompletedJobs(trx, rows)).finally(vi.useRealTimers);
    const recent = "select from resource_allocations where released_time between now() - interval '1 minute' and now()";
    expect((await cluster.sql.query(recent)).rowCount).toBe(1);
  });

  test.each([
    ['job was queued again', "update jobs set state = 'PENDING', start_time = null, end_time = null where id = 1"],
    ['job runs again', "update jobs set state = 'RUNNING' where id = 1"],
    ['job has an unknown state', "update jobs set state = 'ARCHIVED' where id = 1"],
    ['job ran once more and is finished again', 'update jobs set start_time = now() where id = 1'],
    ['job started one microsecond later', "update jobs set start_time = start_time + '1us'::interval where id = 1"],
    ['allocation was released', "update resource_allocations set status = 'RELEASED' where id = 1"],
    ['allocation was taken up', "update resource_allocations set status = 'RESERVED' where id = 1"],
    ['allocation has an unknown status', "update resource_allocations set status = 'DRAINING' where id = 1"],
    ['allocation has no status', 'update resource_allocations set status = null where id = 1'],
    ['allocation was allocated anew', 'update resource_allocations set allocation_time = now() where id = 1'],
    ['allocation went to another job', 'update resource_allocations set job_id = 2 where id = 1'],
    ['allocation went to no job', 'update resource_allocations set job_id = null where id = 1'],
    ['allocation was deleted', 'delete from resource_allocations where id = 1'],
  ])('passes over an allocation when, since it was read, the %s', async (_what, statement) => {
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done)], allocations: [held(1, 1), held(2, 2)] });
    const rows = await unreleased();
    await cluster.sql.query(statement);
    const record = recordOutcomes<AllocationWithJob>();
    const changes = await changesOf(cluster.sql, async () => expect(await release(rows, record)).toBe(1));
    expect(changes).toEqual({ 'resource_allocations/2': RELEASED });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
  });

  test('releases also when only the kind of finished state changed', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [held(1, 1)] });
    const rows = await unreleased();
    await cluster.sql.query("update jobs set state = 'FAILED', end_time = now()");
    expect(await release(rows)).toBe(1);
  });

  test.each([
    ['job', 'select from jobs where id = 1 for update'],
    ['allocation', 'select from resource_allocations where id = 1 for update'],
  ])('reports an allocation whose %s somebody else holds as contended and leaves it', async (_what, statement) => {
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done)], allocations: [held(1, 1), held(2, 2)] });
    const rows = await unreleased();
    const record = recordOutcomes<AllocationWithJob>();
    await cluster.other.query(`begin; ${statement}`);
    const changes = await changesOf(cluster.sql, () => release(rows, record)).finally(() =>
      cluster.other.query('rollback'),
    );
    expect(changes).toEqual({ 'resource_allocations/2': RELEASED });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
  });

  test('guards rows made by hand by the milliseconds of the start and of the allocation', async () => {
    const jobs = [1, 2, 3].map((id) => job(id, done));
    await seed(cluster.sql, { jobs, allocations: [held(1, 1), held(2, 2), held(3, 3)] });
    const given = (await unreleased()).map((row) => ({ ...handMade(row), job: handMade(row.job) }));
    await cluster.sql.query("update jobs set start_time = start_time + interval '1 millisecond' where id = 1");
    const later = "update resource_allocations set allocation_time = allocation_time + interval '1 millisecond'";
    await cluster.sql.query(`${later} where id = 2`);
    const record = recordOutcomes<AllocationWithJob>();
    expect(await release(given, record)).toBe(1);
    expect(record.outcomes).toEqual([{ changed: ['3'], contended: [] }]);
  });

  test('of nothing is 0', async () => {
    const record = recordOutcomes<AllocationWithJob>();
    expect(await release([], record)).toBe(0);
    expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
  });

  test('counts an allocation that it is given twice once', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [held(1, 1), held(2, 1)] });
    const rows = await unreleased();
    expect(idsOf(rows)).toEqual(['1', '2']);
    expect(await release([...rows, ...rows])).toBe(2);
  });
});
