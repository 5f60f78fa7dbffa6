import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { has, useDatabase } from './support/database.js';

const NOW = Date.now();
const ago = (days: number) => new Date(NOW - days * 86_400_000);

const SEVERAL: MongoStoreOptions = {
  schema: { jobs: { columns: { endTime: ['finishedAt', 'failedAt'] } }, allocations: null },
};

describe.runIf(has('mongodb'))('On MongoDB, ends', () => {
  const database = useDatabase('mongodb');
  const store = (options: MongoStoreOptions) => mongoStore(database.connection, options);

  test('are the first that is set of several fields, and pages continue by them', async () => {
    const state = 'FAILED';
    await database.jobs.insertMany([
      { _id: 1 as never, state, finishedAt: ago(40), failedAt: ago(2) },
      { _id: 2 as never, state, finishedAt: ago(2), failedAt: ago(40) },
      { _id: 3 as never, state, failedAt: ago(60) },
      { _id: 4 as never, state: 'RUNNING', startTime: ago(60) },
      { _id: 5 as never, state },
    ]);
    const { repository, transaction, inspect } = store(SEVERAL);
    await transaction(async (session) => {
      const [first, ...others] = await repository.getOldJobs(session, 30, { limit: 1 });
      expect([first, ...others].map((job) => job?.endTime)).toEqual([ago(40)]);
      const rest = await repository.getOldJobs(session, 30, { limit: 5, ...(first && { after: first }) });
      expect(rest.map(({ id, endTime }) => [id, endTime])).toEqual([['3', ago(60)]]);
      const stuck = await repository.getStuckJobs(session, 48);
      expect(await repository.markJobsAsFailed(session, stuck, 'Stuck')).toMatchObject([{ id: '4' }]);
    });
    expect(await database.jobs.findOne({ _id: 4 as never })).toMatchObject({
      finishedAt: expect.any(Date) as Date,
      state: 'FAILED',
    });
    const totals = await inspect.totals({ name: 'old_job_cleanup', maxAgeDays: 30 });
    expect(totals).toMatchObject({ due: 2, population: 5, undated: 1 });
  });

  test('that are not there are not written, and may be the last sign of life where they are', async () => {
    const running = { state: 'RUNNING', startTime: ago(60) };
    await database.jobs.insertMany([
      { _id: 1 as never, ...running, seenAt: ago(50) },
      { _id: 2 as never, ...running, seenAt: ago(40) },
    ]);
    const failOf = async (endTime: string | null, id: string) => {
      const jobs = { columns: { endTime }, endedAs: 'lastSign' } as const;
      const { repository, transaction } = store({
        schema: { jobs, allocations: null },
        filters: { ageColumn: 'seenAt', scope: { _id: Number(id) } },
      });
      return transaction(async (session) =>
        repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
      );
    };
    expect(await failOf(null, '1')).toMatchObject([{ id: '1', endTime: null }]);
    expect(await failOf('endTime', '2')).toMatchObject([{ id: '2', endTime: ago(40), errorMsg: 'Stuck' }]);
    expect(await database.jobs.findOne({ _id: 1 as never })).not.toHaveProperty('endTime');
    expect(await database.jobs.findOne({ _id: 2 as never })).toMatchObject({ endTime: ago(40), errorMsg: 'Stuck' });
  });
});
