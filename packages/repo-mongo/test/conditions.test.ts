import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { has, useDatabase } from './support/database.js';

const OLD = new Date('2020-01-01T00:00:00Z');
const DONE = { done_at: { isNot: null } };

/** A queue without a field of states. Fields that are not there are NULL. */
const QUEUE: MongoStoreOptions = {
  schema: {
    jobs: {
      columns: { startTime: 'locked_at', endTime: 'done_at', errorMsg: null, exitCode: null },
      states: {
        PENDING: { when: { done_at: null, locked_by: null } },
        RUNNING: { when: { done_at: null, locked_by: { isNot: null } } },
        COMPLETED: { when: { ...DONE, error: null } },
        FAILED: {
          when: { ...DONE, error: { isNot: null } },
          set: { locked_by: null, error: { json: { said: [{ text: 'errorMsg' }] } }, tries: { increment: 1 } },
        },
      },
    },
    allocations: {
      columns: { releasedTime: 'free_at' },
      statuses: { ALLOCATED: { when: { free_at: null } }, RELEASED: { when: { free_at: { isNot: null } } } },
    },
  },
};

describe.runIf(has('mongodb'))('On MongoDB, conditions', () => {
  const database = useDatabase('mongodb');
  const store = (options: MongoStoreOptions = QUEUE) => mongoStore(database.connection, options);
  const seed = async () => {
    await database.jobs.insertMany([
      { _id: 1 as never, name: 'waits' },
      { _id: 2 as never, name: 'runs', locked_at: OLD, locked_by: 'w1' },
      { _id: 3 as never, name: 'done', locked_at: OLD, done_at: OLD },
      { _id: 4 as never, name: 'failed', locked_at: OLD, done_at: OLD, error: { said: ['no'] } },
    ]);
    await database.allocations.insertMany(
      [2, 3, 4].map((id) => ({
        _id: id as never,
        jobId: id,
        allocationTime: OLD,
        ...(id === 4 && { free_at: OLD }),
      })),
    );
  };

  test('tell states, and say what is written for them', async () => {
    await seed();
    const { repository, transaction, inspect } = store();
    await transaction(async (session) => {
      const held = await repository.getCompletedJobsWithUnreleasedResources(session);
      expect(held).toMatchObject([{ id: '3', status: 'ALLOCATED', job: { state: 'COMPLETED' } }]);
      expect(await repository.releaseResourcesForCompletedJobs(session, held)).toBe(1);
      expect((await repository.getOldJobs(session, 30)).map(({ id, state }) => `${id} ${state}`)).toEqual([
        '3 COMPLETED',
        '4 FAILED',
      ]);
      const failed = await repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck');
      expect(failed).toMatchObject([{ id: '2', state: 'FAILED' }]);
      expect(await repository.releaseResourcesForJobs(session, failed)).toMatchObject([
        { id: '2', status: 'RELEASED' },
      ]);
    });
    expect(await database.jobs.findOne({ _id: 2 as never })).toMatchObject({
      locked_by: null,
      error: { said: ['Stuck'] },
      tries: 1,
      done_at: expect.any(Date) as Date,
    });
    expect(await database.allocations.countDocuments({ free_at: null })).toBe(0);
    expect(await inspect.schema()).toEqual([]);
    expect(await inspect.diagnosis?.unknownStates()).toEqual([]);
  });

  test('are no matter to messages that are documents, and codes that are numbers', async () => {
    await database.jobs.insertOne({ _id: 1 as never, state: 'RUNNING', startTime: OLD });
    const columns = {
      errorMsg: { column: 'result', json: { said: { text: 'errorMsg' } } },
      exitCode: { column: 'code', number: 'exitCode' },
    } as const;
    const { repository, transaction } = store({ schema: { jobs: { columns }, allocations: null } });
    await transaction(async (session) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
    );
    expect(await database.jobs.findOne({ _id: 1 as never })).toMatchObject({ result: { said: 'Stuck' }, code: -2 });
  });

  test('keep a job alone that somebody else took since it was read', async () => {
    await seed();
    const { repository, transaction } = store();
    const stuck = await transaction((session) => repository.getStuckJobs(session, 48));
    await database.jobs.updateOne({ _id: 2 as never }, { $set: { locked_by: 'w2' } });
    expect(await transaction((session) => repository.markJobsAsFailed(session, stuck, 'Stuck'))).toEqual([]);
  });

  test('are told of where a document meets none, or several', async () => {
    await seed();
    await database.jobs.insertOne({ _id: 5 as never, done_at: OLD, locked_at: OLD, kind: 'both' });
    const { jobs = {} } = QUEUE.schema ?? {};
    const states = { ...jobs.states, CANCELLED: { when: { kind: 'both' } } };
    const both = { ...QUEUE, schema: { ...QUEUE.schema, jobs: { ...jobs, states } } };
    const found = [{ table: 'jobs', meets: 'several', rows: 1 }];
    expect(await store(both as MongoStoreOptions).inspect.diagnosis?.unknownStates()).toEqual(found);
    expect(await store(both as MongoStoreOptions).inspect.diagnosis?.unknownStates({ newest: 10 })).toEqual(found);
  });

  test('look into other collections, in reads and in writes', async () => {
    await seed();
    const notes = database.connection.collection('notes');
    await notes.insertOne({ job_id: 3, kind: 'keep' });
    const kept = store({
      ...QUEUE,
      filters: { exclude: { exists: { table: 'notes', key: 'job_id', where: { kind: 'keep' } } } },
    });
    const everything = store();
    await everything.transaction(async (session) => {
      const old = await everything.repository.getOldJobs(session, 30);
      expect(old.map(({ id }) => id)).toEqual(['3', '4']);
      expect((await kept.repository.getOldJobs(session, 30)).map(({ id }) => id)).toEqual(['4']);
      expect(await kept.repository.getCompletedJobsWithUnreleasedResources(session)).toEqual([]);
      expect(await kept.repository.deleteJobsBatch(session, old)).toBe(1);
    });
    expect(await database.jobs.countDocuments({ _id: { $in: [3, 4] as never } })).toBe(1);
    await notes.drop();
  });
});
