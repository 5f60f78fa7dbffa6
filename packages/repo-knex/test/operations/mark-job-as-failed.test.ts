import type { Job, WriteOptions } from '@jobsweep/core';
import { describe, expect, test, vi } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { handMade, recordOutcomes } from '../support/outcomes.js';
import { allocation, changesOf, job, seed } from '../support/rows.js';
import { ago, clock, HOUR, WRITTEN_NOW } from '../support/times.js';

const cluster = useCluster();
const started = { start_time: ago(49 * HOUR, 5) };
const FAILED = { state: 'FAILED', end_time: WRITTEN_NOW, error_msg: 'too long', exit_code: '-2:0' };

const stuckJobs = () => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.getStuckJobs(trx, 48));
};

const markFailed = (jobs: readonly Job[], exitCode?: string, options?: WriteOptions<Job>) => {
  const { repository, transaction } = cluster.store({ clock });
  return transaction((trx) => repository.markJobsAsFailed(trx, jobs, 'too long', exitCode, options));
};

const sql = (statement: string) => () => cluster.sql.query(statement);

describe('markJobsAsFailed', () => {
  test('writes state, end, message and exit code -2:0, and nothing else of any row', async () => {
    const allocations = [allocation(1, 1), allocation(2, 1, { status: 'RELEASED' })];
    await seed(cluster.sql, { jobs: [job(1, { ...started, error_msg: 'old' }), job(2, started), job(3)], allocations });
    const [first] = await stuckJobs();
    expect(await changesOf(cluster.sql, () => markFailed(first ? [first] : []))).toEqual({ 'jobs/1': FAILED });
  });

  test('writes the exit code it is given', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)] });
    const jobs = await stuckJobs();
    const changes = await changesOf(cluster.sql, () => markFailed(jobs, '-9:0'));
    expect(changes).toEqual({ 'jobs/1': { ...FAILED, exit_code: '-9:0' } });
  });

  test('returns the jobs that it marked as they are now, ready to be handed on', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)], allocations: [allocation(1, 1)] });
    const { repository, transaction } = cluster.store({ clock });
    const failed = await markFailed(await stuckJobs());
    expect(failed).toMatchObject([{ id: '1', state: 'FAILED', endTime: clock.now(), errorMsg: 'too long' }]);
    expect(await transaction((trx) => repository.releaseResourcesForJobs(trx, failed))).toHaveLength(1);
  });

  test("takes the end from the database's clock, however wrong this process's is", async () => {
    await seed(cluster.sql, { jobs: [job(1, { start_time: '2020-01-01T00:00:00Z' })] });
    const { repository, transaction } = cluster.store();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
    try {
      const jobs = await transaction((trx) => repository.getStuckJobs(trx, 48));
      await transaction((trx) => repository.markJobsAsFailed(trx, jobs, 'too long'));
    } finally {
      vi.useRealTimers();
    }
    const recent = "select from jobs where end_time between now() - interval '1 minute' and now()";
    expect((await cluster.sql.query(recent)).rowCount).toBe(1);
  });

  test.each(['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED', 'running', 'SUSPENDED'])(
    'passes over a job that has become "%s" since it was read',
    async (state) => {
      await seed(cluster.sql, { jobs: [job(1, started), job(2, started)] });
      const jobs = await stuckJobs();
      await cluster.sql.query('update jobs set state = $1 where id = 1', [state]);
      const record = recordOutcomes<Job>();
      expect(await changesOf(cluster.sql, () => markFailed(jobs, undefined, record))).toEqual({ 'jobs/2': FAILED });
      expect(record.outcomes).toEqual([{ changed: ['2'], contended: [] }]);
    },
  );

  test.each([
    ['was started again', "update jobs set start_time = start_time + interval '1 microsecond'"],
    ['lost its start', 'update jobs set start_time = null'],
    ['got an end', 'update jobs set end_time = now()'],
    ['was deleted', 'delete from jobs'],
  ])('passes over a job that %s since it was read', async (_what, statement) => {
    await seed(cluster.sql, { jobs: [job(1, started)] });
    const jobs = await stuckJobs();
    await sql(statement)();
    const record = recordOutcomes<Job>();
    expect(await changesOf(cluster.sql, () => markFailed(jobs, undefined, record))).toEqual({});
    expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
  });

  test('passes over a job that was read in another state, and still is in it', async () => {
    const old = { state: 'COMPLETED', start_time: ago(1000 * HOUR), end_time: ago(999 * HOUR) };
    await seed(cluster.sql, { jobs: [job(1, old)] });
    const { repository, transaction } = cluster.store({ clock });
    const jobs = await transaction((trx) => repository.getOldJobs(trx, 30));
    expect(await changesOf(cluster.sql, async () => expect(await markFailed(jobs)).toEqual([]))).toEqual({});
  });

  test('ignores changes of columns that no rule looks at', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)] });
    const jobs = await stuckJobs();
    await sql("update jobs set owner = 'bob', name = 'other', error_msg = 'warning'")();
    expect(await markFailed(jobs)).toMatchObject([{ name: 'other' }]);
  });

  test('reports a job that somebody else holds as contended and leaves it', async () => {
    await seed(cluster.sql, { jobs: [job(1, started), job(2, started)] });
    const jobs = await stuckJobs();
    const record = recordOutcomes<Job>();
    await cluster.other.query('begin; select from jobs where id = 1 for update');
    const changes = await changesOf(cluster.sql, () => markFailed(jobs, undefined, record)).finally(() =>
      cluster.other.query('rollback'),
    );
    expect(changes).toEqual({ 'jobs/2': FAILED });
    expect(record.outcomes).toEqual([{ changed: ['2'], contended: ['1'] }]);
  });

  test('guards a job made by hand by the millisecond of its start, from its beginning up to the next', async () => {
    const second = '2026-01-01T00:00:00';
    const times = [`${second}.123000Z`, `${second}.123999Z`, `${second}.124000Z`, `${second}.122999Z`];
    await seed(cluster.sql, { jobs: times.map((start_time, index) => job(index + 1, { start_time })) });
    const given = (await stuckJobs()).map((row) => ({ ...handMade(row), startTime: new Date(`${second}.123Z`) }));
    expect((await markFailed(given)).map(({ id }) => id).sort()).toEqual(['1', '2']);
  });

  test('of nothing changes nothing and says so', async () => {
    const record = recordOutcomes<Job>();
    expect(await markFailed([], undefined, record)).toEqual([]);
    expect(record.outcomes).toEqual([{ changed: [], contended: [] }]);
  });

  test('marks a job that it is given twice once', async () => {
    await seed(cluster.sql, { jobs: [job(1, started)] });
    const jobs = await stuckJobs();
    const record = recordOutcomes<Job>();
    expect(await markFailed([...jobs, ...jobs], undefined, record)).toHaveLength(1);
    expect(record.outcomes).toEqual([{ changed: ['1'], contended: [] }]);
  });
});

describe('markJobAsFailed', () => {
  test('does the same for one job and says whether it was marked', async () => {
    await seed(cluster.sql, { jobs: [job(1, started), job(2, started)] });
    const { repository, transaction } = cluster.store({ clock });
    const [first] = await stuckJobs();
    if (first === undefined) throw new Error('Nothing is stuck');
    const mark = (exitCode?: string) =>
      transaction((trx) => repository.markJobAsFailed(trx, first, 'too long', exitCode));
    expect(await changesOf(cluster.sql, async () => expect(await mark()).toBe(true))).toEqual({ 'jobs/1': FAILED });
    expect(await changesOf(cluster.sql, async () => expect(await mark('-9:0')).toBe(false))).toEqual({});
  });
});
