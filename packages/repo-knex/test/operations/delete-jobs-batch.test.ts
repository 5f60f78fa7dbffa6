import type { Job, WriteOptions } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, changesOf, job, seed } from '../support/rows.js';
import { ago, clock, DAY } from '../support/times.js';

const cluster = useCluster();
const old = { state: 'COMPLETED', start_time: ago(41 * DAY, 5), end_time: ago(40 * DAY, 5) };
const released = (id: number, jobId: number) => allocation(id, jobId, { status: 'RELEASED' });

const oldJobs = () => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getOldJobs(trx, 30));
};

const remove = (jobs: readonly Job[], options?: WriteOptions<Job>) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.deleteJobsBatch(trx, jobs, options));
};

describe('deleteJobsBatch', () => {
  test('deletes the given jobs and their released allocations, and touches no other row', async () => {
    const jobs = [1, 2, 3].map((id) => job(id, { ...old, state: ['COMPLETED', 'FAILED', 'CANCELLED'][id - 1] }));
    const allocations = [released(1, 1), released(2, 1), released(3, 2), released(4, 4), released(5, 5)];
    await seed(cluster.sql, { jobs: [...jobs, job(4, old), job(5)], allocations });
    const given = (await oldJobs()).filter(({ id }) => id !== '4');
    const record = recordOutcomes<Job>();
    const changes = await changesOf(cluster.sql, async () => expect(await remove(given, record)).toBe(3));
    expect(changes).toEqual({
      'jobs/1': 'deleted',
      'jobs/2': 'deleted',
      'jobs/3': 'deleted',
      'resource_allocations/1': 'deleted',
      'resource_allocations/2': 'deleted',
      'resource_allocations/3': 'deleted',
    });
    expect(record.outcomes).toEqual([{ changed: ['1', '2', '3'], contended: [] }]);
  });

  test.each(['RESERVED', 'ALLOCATED', 'DRAINING', 'released', '', null])(
    'keeps a job, with all its allocations, that holds one whose status is %j',
    async (status) => {
      const allocations = [released(1, 1), allocation(2, 1, { status }), released(3, 2)];
      await seed(cluster.sql, { jobs: [job(1, old), job(2, old)], allocations });
      const jobs = await oldJobs();
      const record = recordOutcomes<Job>();
      const changes = await changesOf(cluster.sql, async () => expect(await remove(jobs, record)).toBe(1));
      expect(changes).toEqual({ 'jobs/2': 'deleted', 'resource_allocations/3': 'deleted' });
      expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
    },
  );

  test.each([
    ['was queued again', "update jobs set state = 'PENDING', start_time = null, end_time = null where id = 1"],
    ['runs again', "update jobs set state = 'RUNNING' where id = 1"],
    ['has an unknown state', "update jobs set state = 'completed' where id = 1"],
    ['is finished in another way', "update jobs set state = 'FAILED' where id = 1"],
    ['ended anew', "update jobs set end_time = end_time + '1us'::interval where id = 1"],
    ['lost its end', 'update jobs set end_time = null where id = 1'],
    ['started anew', "update jobs set start_time = start_time + '1us'::interval where id = 1"],
    ['got an allocation', "insert into resource_allocations values (9, 1, 'ALLOCATED')"],
  ])('passes over a job that, since it was read, %s', async (_what, statement) => {
    await seed(cluster.sql, { jobs: [job(1, old), job(2, old)], allocations: [released(1, 1)] });
    const jobs = await oldJobs();
    await cluster.sql.query(statement);
    const record = recordOutcomes<Job>();
    expect(await changesOf(cluster.sql, () => remove(jobs, record))).toEqual({ 'jobs/2': 'deleted' });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
  });

  test('counts a job that somebody else has deleted not at all', async () => {
    await seed(cluster.sql, { jobs: [job(1, old), job(2, old)] });
    const jobs = await oldJobs();
    await cluster.sql.query('delete from jobs where id = 1');
    expect(await remove(jobs)).toBe(1);
  });

  test('deletes also a job that was never old: the age is what the caller asked for', async () => {
    await seed(cluster.sql, { jobs: [job(1, { state: 'FAILED' }), job(2)] });
    const given = ['1', '2'].map(
      (id): Job => ({
        id,
        name: '',
        state: 'FAILED',
        startTime: null,
        endTime: null,
        errorMsg: null,
        exitCode: null,
      }),
    );
    expect(await changesOf(cluster.sql, () => remove(given))).toEqual({ 'jobs/1': 'deleted' });
  });

  test.each([
    ['it', 'select from jobs where id = 1 for update'],
    ['a released allocation of it', 'select from resource_allocations where id = 1 for update'],
  ])('reports a job as contended, and leaves it whole, when somebody else holds %s', async (_what, statement) => {
    await seed(cluster.sql, { jobs: [job(1, old), job(2, old)], allocations: [released(1, 1), released(2, 1)] });
    const jobs = await oldJobs();
    const record = recordOutcomes<Job>();
    await cluster.other.query(`begin; ${statement}`);
    const changes = await changesOf(cluster.sql, () => remove(jobs, record)).finally(() =>
      cluster.other.query('rollback'),
    );
    expect(changes).toEqual({ 'jobs/2': 'deleted' });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
  });

  test('deletes a job with more than 5000 released allocations, and none of its neighbours', async () => {
    await seed(cluster.sql, { jobs: [job(1, old), job(2)] });
    const many = `insert into resource_allocations
      select n, case when n <= 10001 then 1 else 2 end, 'RELEASED' from generate_series(1, 10003) n`;
    await cluster.sql.query(many);
    expect(await remove(await oldJobs())).toBe(1);
    const left = await cluster.sql.query<{ id: string }>('select id from resource_allocations order by id');
    expect(left.rows).toEqual([{ id: '10002' }, { id: '10003' }]);
  });

  test('keeps a job whose only unreleased allocation comes after 5000 released ones', async () => {
    await seed(cluster.sql, { jobs: [job(1, old)] });
    const many = `insert into resource_allocations
      select n, 1, case when n = 5001 then 'DRAINING' else 'RELEASED' end from generate_series(1, 5001) n`;
    await cluster.sql.query(many);
    const jobs = await oldJobs();
    expect(await changesOf(cluster.sql, async () => expect(await remove(jobs)).toBe(0))).toEqual({});
  });

  test('deletes more than 5000 jobs', async () => {
    const many = `insert into jobs (id, state, end_time)
      select n, 'COMPLETED', '2020-01-01Z' from generate_series(1, 5001) n`;
    await cluster.sql.query(many);
    const record = recordOutcomes<Job>();
    expect(await remove(await oldJobs(), record)).toBe(5001);
    expect(record.outcomes).toHaveLength(1);
    expect((await cluster.sql.query('select from jobs')).rowCount).toBe(0);
  });

  test('guards a job made by hand by the milliseconds of its start and end', async () => {
    await seed(cluster.sql, { jobs: [1, 2, 3].map((id) => job(id, old)) });
    const jobs = (await oldJobs()).map(handMade);
    await cluster.sql.query("update jobs set start_time = start_time + interval '1 millisecond' where id = 1");
    await cluster.sql.query("update jobs set end_time = end_time + interval '1 millisecond' where id = 2");
    expect(await changesOf(cluster.sql, () => remove(jobs))).toEqual({ 'jobs/3': 'deleted' });
  });

  test('of nothing is 0', async () => {
    const record = recordOutcomes<Job>();
    expect(await remove([], record)).toBe(0);
    expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
  });

  test('counts a job that it is given twice once', async () => {
    await seed(cluster.sql, { jobs: [job(1, old)] });
    const jobs = await oldJobs();
    expect(await remove([...jobs, ...jobs])).toBe(1);
  });
});
