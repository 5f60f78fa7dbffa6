import type { ClientSession } from 'mongoose';
import { describe, expect, test } from 'vitest';
import { MongoCleanupRepository, mongoStore } from '../src/index.js';
import { connectionTo, RELEASES } from './support/connection.js';
import { has, OLD, useDatabase } from './support/database.js';

describe.runIf(has('mongodb')).each(RELEASES)('with transactions, on the %s mongoose,', (release) => {
  const database = useDatabase('mongodb', release);
  const stuckJob = () => database.jobs.insertOne({ _id: 1 as never, name: 'one', state: 'RUNNING', startTime: OLD });
  const jobNow = () => database.jobs.findOne({});

  test('an operation refuses a session that is in no transaction', async () => {
    const { connection } = database;
    const { repository } = mongoStore(connection);
    const [idle, ended, over] = await Promise.all([1, 2, 3].map(() => connection.startSession()));
    if (idle === undefined || ended === undefined || over === undefined) throw new Error('Three sessions are there');
    await ended.endSession();
    over.startTransaction();
    await over.abortTransaction();
    for (const session of [idle, ended, over, undefined, null, {}] as ClientSession[]) {
      await expect(repository.getStuckJobs(session, 48)).rejects.toMatchObject({
        code: 'SESSION_NOT_IN_TRANSACTION',
        message: expect.stringContaining('connection.transaction(async (session)'),
      });
    }
    await Promise.all([idle.endSession(), over.endSession()]);
  });

  test('an operation refuses a session of another connection', async () => {
    const { repository } = mongoStore(database.connection);
    const other = await connectionTo(database.url, release);
    const session = await other.startSession();
    session.startTransaction();
    await expect(repository.getStuckJobs(session, 48)).rejects.toMatchObject({
      code: 'SESSION_NOT_IN_TRANSACTION',
      message: expect.stringContaining('another connection'),
    });
    await session.endSession();
    await other.close();
  });

  test("an operation commits and rolls back with the caller's own transaction", async () => {
    await stuckJob();
    const { connection } = database;
    const repository = new MongoCleanupRepository(connection);
    const fail = async (session: ClientSession) => {
      const stuck = await repository.getStuckJobs(session, 48);
      return repository.markJobsAsFailed(session, stuck, 'Ran for two days');
    };
    const notSo = async (session: ClientSession) => {
      expect(await fail(session)).toHaveLength(1);
      throw new RangeError('not so');
    };
    await expect(connection.transaction(notSo)).rejects.toThrow('not so');
    expect(await jobNow()).toMatchObject({ state: 'RUNNING' });

    await connection.transaction(fail);
    expect(await jobNow()).toMatchObject({ state: 'FAILED', errorMsg: 'Ran for two days', exitCode: '-2:0' });
  });

  test('store.transaction rejects with the error of its work, and leaves no session open', async () => {
    await stuckJob();
    const { transaction } = mongoStore(database.connection);
    const failure = new RangeError('not so');
    let used: ClientSession | undefined;
    const work = async (session: ClientSession) => {
      used = session;
      await database.connection.collection('jobs').updateMany({}, { $set: { name: 'changed' } }, { session });
      throw failure;
    };
    await expect(transaction(work)).rejects.toBe(failure);
    expect(await jobNow()).toMatchObject({ name: 'one' });
    expect(used?.hasEnded).toBe(true);
  });

  test('store.transaction that is read-only refuses our writes, and keeps none of yours', async () => {
    await stuckJob();
    const { transaction, repository } = mongoStore(database.connection);
    const ours = async (session: ClientSession) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck');
    await expect(transaction(ours, { readOnly: true })).rejects.toThrow(/read-only transaction/);
    const yours = (session: ClientSession) =>
      database.connection.collection('jobs').updateMany({}, { $set: { name: 'changed' } }, { session });
    await transaction(yours, { readOnly: true });
    expect(await jobNow()).toMatchObject({ name: 'one', state: 'RUNNING' });
  });

  test('a conflict is tried again from the start, and is a CONFLICT when that does not help', async () => {
    await stuckJob();
    const { transaction, repository } = mongoStore(database.connection, { maxAttempts: 2 });
    let attempts = 0;
    const inTheWay = async (session: ClientSession) => {
      attempts += 1;
      const stuck = await repository.getStuckJobs(session, 48);
      await database.jobs.updateOne({}, { $inc: { touched: 1 } });
      return repository.markJobsAsFailed(session, stuck, 'Stuck');
    };
    await expect(transaction(inTheWay)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(attempts).toBe(2);
    expect(await jobNow()).toMatchObject({ state: 'RUNNING', touched: 2 });
  });

  test('a signal that fires rolls back', async () => {
    await stuckJob();
    const { transaction, repository } = mongoStore(database.connection);
    const controller = new AbortController();
    const work = async (session: ClientSession) => {
      await repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck');
      controller.abort(new Error('enough'));
    };
    await expect(transaction(work, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await jobNow()).toMatchObject({ state: 'RUNNING' });
  });
});

describe.runIf(has('mongodb-standalone'))('without transactions', () => {
  const database = useDatabase('mongodb-standalone');

  test('a store refuses to work, and says what to do', async () => {
    const store = mongoStore(database.connection);
    const required = { code: 'TRANSACTIONS_REQUIRED', message: expect.stringMatching(/--replSet.*allowNonAtomic/) };
    const work = (session: ClientSession) => store.repository.getStuckJobs(session, 48);
    await expect(store.transaction(work)).rejects.toMatchObject(required);

    const session = await database.connection.startSession();
    session.startTransaction();
    await expect(work(session)).rejects.toMatchObject(required);
    await session.endSession();
  });

  test('an operation works in a session of your own when that is allowed', async () => {
    await database.jobs.insertOne({ _id: 1 as never, state: 'RUNNING', startTime: OLD });
    const repository = new MongoCleanupRepository(database.connection, { allowNonAtomic: true });
    const session = await database.connection.startSession();
    const stuck = await repository.getStuckJobs(session, 48);
    const failed = await repository.markJobsAsFailed(session, stuck, 'Stuck');
    await session.endSession();
    expect(failed).toMatchObject([{ id: '1', state: 'FAILED' }]);
  });
});
