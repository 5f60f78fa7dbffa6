import type { Job, ResourceAllocation, WriteOptions } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, changesOf, idsOf, job, seed } from '../support/rows.js';
import { ago, clock, DAY, WRITTEN_NOW } from '../support/times.js';

const cluster = useCluster();
const done = { state: 'FAILED', start_time: ago(41 * DAY, 5), end_time: ago(40 * DAY) };
const RELEASED = { status: 'RELEASED', released_time: WRITTEN_NOW };

const finishedJobs = () => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getOldJobs(trx, 30));
};

const release = (jobs: readonly Job[], options?: WriteOptions<ResourceAllocation>) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.releaseResourcesForJobs(trx, jobs, options));
};

describe('releaseResourcesForJobs', () => {
  test('releases every unreleased allocation of the given jobs, and writes nothing else of any row', async () => {
    const allocations = [
      allocation(1, 1),
      allocation(2, 1, { status: 'RESERVED' }),
      allocation(3, 1, { status: 'RELEASED', released_time: ago(DAY) }),
      allocation(4, 1, { status: 'DRAINING' }),
      allocation(5, 1, { status: null }),
      allocation(6, 1, { status: 'allocated' }),
      allocation(7, 2),
      allocation(8, 3),
    ];
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done), job(3)], allocations });
    const jobs = (await finishedJobs()).filter(({ id }) => id === '1');
    expect(await changesOf(cluster.sql, () => release(jobs))).toEqual({
      'resource_allocations/1': RELEASED,
      'resource_allocations/2': RELEASED,
    });
  });

  test('returns the allocations that it released as they are now', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [allocation(1, 1, { allocation_time: ago(DAY) })] });
    const released = await release(await finishedJobs());
    expect(released).toEqual([
      {
        id: '1',
        jobId: '1',
        status: 'RELEASED',
        allocationTime: new Date(ago(DAY)),
        releasedTime: clock.now(),
        version: expect.any(Object),
      },
    ]);
  });

  test("takes the release time from the database's clock, however wrong this process's is", async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [allocation(1, 1)] });
    const { repository, transaction } = cluster.store();
    const jobs = await finishedJobs();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
    await transaction((trx) => repository.releaseResourcesForJobs(trx, jobs)).finally(vi.useRealTimers);
    const recent = "select from resource_allocations where released_time between now() - interval '1 minute' and now()";
    expect((await cluster.sql.query(recent)).rowCount).toBe(1);
  });

  test.each([
    ['runs again', "update jobs set state = 'RUNNING' where id = 1"],
    ['was queued again', "update jobs set state = 'PENDING', start_time = null, end_time = null where id = 1"],
    ['has an unknown state', "update jobs set state = 'ARCHIVED' where id = 1"],
    ['ran once more and is finished again', 'update jobs set start_time = now() where id = 1'],
    ['started one microsecond later', "update jobs set start_time = start_time + '1us'::interval where id = 1"],
    ['lost its allocations', 'delete from resource_allocations where job_id = 1'],
  ])('passes over a job that, since it was read, %s', async (_what, statement) => {
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done)], allocations: [allocation(1, 1), allocation(2, 2)] });
    const jobs = await finishedJobs();
    await cluster.sql.query(statement);
    const record = recordOutcomes<ResourceAllocation>();
    expect(await changesOf(cluster.sql, () => release(jobs, record))).toEqual({ 'resource_allocations/2': RELEASED });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
  });

  test('passes over a job that was never finished', async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: ago(DAY) })], allocations: [allocation(1, 1)] });
    const { repository, transaction } = cluster.store({ clock });
    const running = await transaction((trx) => repository.getStuckJobs(trx, 1));
    expect(await release(running)).toEqual([]);
  });

  test('releases allocations that a job got after it was read', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)] });
    const jobs = await finishedJobs();
    await seed(cluster.sql, { allocations: [allocation(1, 1)] });
    expect(idsOf(await release(jobs))).toEqual(['1']);
  });

  test('leaves a job that somebody else holds, and an allocation that somebody else holds', async () => {
    const allocations = [allocation(1, 1), allocation(2, 2), allocation(3, 2)];
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done)], allocations });
    const jobs = await finishedJobs();
    await cluster.other.query('begin; select from jobs where id = 1 for update');
    await cluster.other.query('select from resource_allocations where id = 2 for update');
    const changes = await changesOf(cluster.sql, () => release(jobs)).finally(() => cluster.other.query('rollback'));
    expect(changes).toEqual({ 'resource_allocations/3': RELEASED });
  });

  test('guards a job made by hand by the millisecond of its start', async () => {
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done)], allocations: [allocation(1, 1), allocation(2, 2)] });
    const jobs = (await finishedJobs()).map(handMade);
    await cluster.sql.query("update jobs set start_time = start_time + interval '1 millisecond' where id = 1");
    expect(idsOf(await release(jobs))).toEqual(['2']);
  });

  test('of nothing, and of jobs that hold nothing, changes nothing', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)] });
    const record = recordOutcomes<ResourceAllocation>();
    expect(await release([], record)).toEqual([]);
    expect(await release(await finishedJobs(), record)).toEqual([]);
    expect(record.outcomes).toEqual(Array(2).fill({ changed: [], contended: [] }));
  });

  test('releases once what belongs to a job that it is given twice', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)], allocations: [allocation(1, 1)] });
    const jobs = await finishedJobs();
    expect(idsOf(await release([...jobs, ...jobs]))).toEqual(['1']);
  });

  test('releases more than 5000 allocations of one job', async () => {
    await seed(cluster.sql, { jobs: [job(1, done)] });
    const many = "insert into resource_allocations select n, 1, 'ALLOCATED' from generate_series(1, 5001) n";
    await cluster.sql.query(many);
    expect(await release(await finishedJobs())).toHaveLength(5001);
    const left = await cluster.sql.query("select from resource_allocations where status <> 'RELEASED'");
    expect(left.rowCount).toBe(0);
  });
});

describe('releaseResourceForJob', () => {
  test('does the same for one job and says whether anything was released', async () => {
    const allocations = [allocation(1, 1), allocation(2, 1), allocation(3, 2)];
    await seed(cluster.sql, { jobs: [job(1, done), job(2, done)], allocations });
    const { repository, transaction } = cluster.store({ clock });
    const [first] = await finishedJobs();
    if (first === undefined) throw new Error('Nothing is finished');
    const once = () => transaction((trx) => repository.releaseResourceForJob(trx, first));
    const changes = await changesOf(cluster.sql, async () =>
      expect([await once(), await once()]).toEqual([true, false]),
    );
    expect(changes).toEqual({ 'resource_allocations/1': RELEASED, 'resource_allocations/2': RELEASED });
  });
});
