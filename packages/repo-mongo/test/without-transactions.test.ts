import type { ClientSession } from 'mongoose';
import { describe, expect, test } from 'vitest';
import { mongoStore } from '../src/index.js';
import { has, OLD, useDatabase } from './support/database.js';

const LATER = new Date('2020-01-02T00:00:00Z');

describe.runIf(has('mongodb-standalone'))('without transactions', () => {
  const database = useDatabase('mongodb-standalone');
  const store = () => mongoStore(database.connection, { allowNonAtomic: true });

  /** Calls back before each command of a kind that mongoose is about to send. */
  const before = (method: 'bulkWrite', act: () => Promise<unknown>) => {
    const collection = database.connection.collection('jobs') as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    const send = collection[method]?.bind(collection);
    collection[method] = async (...args) => {
      await act();
      return send?.(...args);
    };
    return () => {
      delete collection[method];
    };
  };

  test('a job that starts again at the last moment is not failed', async () => {
    await database.jobs.insertMany([1, 2].map((id) => ({ _id: id as never, state: 'RUNNING', startTime: OLD })));
    const { repository, transaction } = store();
    const restore = before('bulkWrite', () =>
      database.jobs.updateOne({ _id: 1 as never }, { $set: { startTime: LATER } }),
    );
    const failed = await transaction(async (session) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
    );
    restore();
    expect(failed.map(({ id }) => id)).toEqual(['2']);
    expect(await database.jobs.findOne({ _id: 1 as never })).toEqual({ _id: 1, state: 'RUNNING', startTime: LATER });
  });

  test('a job that is queued again at the last moment is not deleted, nor what it held', async () => {
    const old = { state: 'COMPLETED', startTime: OLD, endTime: OLD };
    await database.jobs.insertMany([1, 2].map((id) => ({ _id: id as never, ...old })));
    await database.allocations.insertMany([1, 2].map((id) => ({ _id: id as never, jobId: id, status: 'RELEASED' })));
    const { repository, transaction } = store();
    const restore = before('bulkWrite', () =>
      database.jobs.updateOne({ _id: 1 as never }, { $set: { state: 'PENDING' } }),
    );
    const deleted = await transaction(async (session) =>
      repository.deleteJobsBatch(session, await repository.getOldJobs(session, 30)),
    );
    restore();
    expect(deleted).toBe(1);
    expect(await database.jobs.distinct('_id')).toEqual([1]);
    expect(await database.allocations.distinct('_id')).toEqual([1]);
  });

  test('allocations that a purge could not delete after their jobs go with the next one', async () => {
    await database.jobs.insertMany(
      [1, 2].map((id) => ({ _id: id as never, state: 'COMPLETED', startTime: OLD, endTime: OLD })),
    );
    await database.allocations.insertMany([1, 2].map((id) => ({ _id: id as never, jobId: id, status: 'RELEASED' })));
    const { repository, transaction } = store();
    const allocations = database.connection.collection('resource_allocations') as unknown as { bulkWrite?: unknown };
    allocations.bulkWrite = () => Promise.reject(new Error('no way'));
    const purge = (session: ClientSession) =>
      repository.getOldJobs(session, 30, { limit: 1 }).then((jobs) => repository.deleteJobsBatch(session, jobs));
    await expect(transaction(purge)).rejects.toThrow('no way');
    expect(await database.allocations.distinct('_id')).toEqual([1, 2]);

    delete allocations.bulkWrite;
    expect(await transaction(purge)).toBe(1);
    expect(await database.allocations.distinct('_id')).toEqual([]);
  });

  test('and stay where the id of the job is in use again', async () => {
    const old = { _id: 1 as never, state: 'COMPLETED', startTime: OLD, endTime: OLD };
    await database.jobs.insertOne(old);
    await database.allocations.insertOne({ _id: 1 as never, jobId: 1, status: 'RELEASED' });
    const { repository, transaction } = store();
    const allocations = database.connection.collection('resource_allocations') as unknown as { bulkWrite?: unknown };
    allocations.bulkWrite = () => Promise.reject(new Error('no way'));
    const purge = (session: ClientSession) =>
      repository.getOldJobs(session, 30).then((jobs) => repository.deleteJobsBatch(session, jobs));
    await expect(transaction(purge)).rejects.toThrow('no way');
    delete allocations.bulkWrite;
    await database.jobs.insertMany([
      { ...old, state: 'RUNNING' },
      { ...old, _id: 2 as never },
    ]);
    expect(await transaction(purge)).toBe(1);
    expect(await database.allocations.distinct('_id')).toEqual([1]);
  });

  test('a job that gives a sign of life at the last moment is not failed', async () => {
    await database.jobs.insertMany(
      [1, 2].map((id) => ({ _id: id as never, state: 'RUNNING', startTime: OLD, seen: OLD })),
    );
    const { repository, transaction } = mongoStore(database.connection, {
      allowNonAtomic: true,
      filters: { ageColumn: 'seen' },
    });
    const restore = before('bulkWrite', () => database.jobs.updateOne({ _id: 1 as never }, { $set: { seen: LATER } }));
    const failed = await transaction(async (session) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
    );
    restore();
    expect(failed.map(({ id }) => id)).toEqual(['2']);
  });
});
