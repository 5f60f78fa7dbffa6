import mongoose from 'mongoose';
import { describe, expect, test } from 'vitest';
import { mongoStore } from '../src/index.js';
import { commitError, translateError } from '../src/translate-error.js';
import { has, OLD, useDatabase } from './support/database.js';

const driverError = (name: string, fields: object) => Object.assign(new Error('it says'), { name, ...fields });

test.each([
  ['a write conflict', { code: 112, errorLabels: ['TransientTransactionError'] }, 'CONFLICT'],
  ['a transaction that the server has ended', { code: 251 }, 'CONFLICT'],
  ['an error that is called transient', { code: 999, errorLabels: ['TransientTransactionError'] }, 'CONFLICT'],
  ['a lock that takes too long', { code: 24, errorLabels: ['TransientTransactionError'] }, 'LOCK_TIMEOUT'],
  ['maxTimeMS', { code: 50 }, 'STATEMENT_TIMEOUT'],
  ['a duplicate key', { code: 11000, keyPattern: { owner: 1 } }, 'ROW_REJECTED'],
  ['a validator', { code: 121 }, 'ROW_REJECTED'],
  ['a missing privilege', { code: 13 }, 'PERMISSION_DENIED'],
  ['a primary that steps down', { code: 189, errorLabels: ['TransientTransactionError'] }, 'CONNECTION_LOST'],
  [
    'a server without transactions',
    { code: 20, message: 'Transaction numbers are only allowed on a replica set member or mongos' },
    'TRANSACTIONS_REQUIRED',
  ],
  ['what nobody knows', { code: 4711 }, 'DATABASE_ERROR'],
])('%s gets its code, and keeps its cause', (_what, fields, code) => {
  const error = driverError('MongoServerError', fields);
  expect(translateError(error)).toMatchObject({ code, cause: error });
});

test.each([
  [112, 'CONFLICT', 'now'],
  [24, 'LOCK_TIMEOUT', 'now'],
  [14031, 'SERVER_UNAVAILABLE', 'later'],
  [146, 'SERVER_UNAVAILABLE', 'later'],
  [365, 'SERVER_UNAVAILABLE', 'later'],
  [91, 'CONNECTION_LOST', 'later'],
  [10107, 'CONNECTION_LOST', 'later'],
  [11000, 'ROW_REJECTED', 'never'],
  [50, 'STATEMENT_TIMEOUT', 'never'],
])('%i is %s, and tells whether to ask again: %s', (number, code, retry) => {
  expect(translateError(driverError('MongoServerError', { code: number }))).toMatchObject({ code, retry });
});

test('an outcome that nobody knows is to be looked for', () => {
  const error = driverError('MongoServerError', { code: 50, errorLabels: ['UnknownTransactionCommitResult'] });
  expect(commitError(error)).toMatchObject({ code: 'COMMIT_UNKNOWN', retry: 'unknown' });
});

test.each([
  'MongoNetworkError',
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
])('%s is a lost connection, and at a commit an unknown outcome', (name) => {
  expect(translateError(driverError(name, {})).code).toBe('CONNECTION_LOST');
  expect(commitError(driverError(name, {}))).toMatchObject({ code: 'COMMIT_UNKNOWN' });
});

describe.runIf(has('mongodb'))('on a server', () => {
  const database = useDatabase('mongodb');

  test('a document that a unique index refuses is ROW_REJECTED with its constraint, and a pass goes on without it', async () => {
    await database.jobs.createIndexes([{ key: { errorMsg: 1, name: 1 }, unique: true, name: 'one_each' }]);
    await database.jobs.insertMany([
      { _id: 1 as never, name: 'one', state: 'FAILED', errorMsg: 'Stuck' },
      { _id: 2 as never, name: 'one', state: 'RUNNING', startTime: OLD },
    ]);
    const { repository, transaction } = mongoStore(database.connection);
    const fail = transaction(async (session) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
    );
    await expect(fail).rejects.toMatchObject({ code: 'ROW_REJECTED', constraint: 'errorMsg, name' });
    await database.jobs.dropIndex('one_each');
  });

  test('every command that an operation sends is bounded by maxTimeMS', async () => {
    const watched = await mongoose.createConnection(database.url, { monitorCommands: true }).asPromise();
    const unbounded: string[] = [];
    const seen = new Set<string>();
    watched.getClient().on('commandStarted', ({ commandName, command }) => {
      seen.add(commandName);
      const own = ['endSessions', 'abortTransaction', 'getMore', 'killCursors'];
      if (!own.includes(commandName) && !('maxTimeMS' in command)) unbounded.push(commandName);
    });
    await database.jobs.insertMany([
      { _id: 1 as never, state: 'RUNNING', startTime: OLD },
      { _id: 2 as never, state: 'COMPLETED', startTime: OLD, endTime: OLD },
    ]);
    await database.allocations.insertMany([
      { _id: 1 as never, jobId: 1, status: 'RESERVED', allocationTime: OLD },
      { _id: 2 as never, jobId: 2, status: 'RELEASED', allocationTime: OLD },
    ]);
    const { repository, transaction, inspect, claims, journal, ownTables } = mongoStore(watched);
    await inspect.schema();
    await inspect.server();
    await inspect.totals({ name: 'completed_job_cleanup' });
    await inspect.diagnosis?.unknownStates();
    await inspect.diagnosis?.indexes(['stuck_job_cleanup']);
    await inspect.diagnosis?.cost({ name: 'completed_job_cleanup' });
    await inspect.diagnosis?.orphans();
    await inspect.diagnosis?.missingPrivileges({ strategies: ['stuck_job_cleanup'], ownTables: true });
    await ownTables.create();
    await ownTables.state();
    const answer = await claims.acquire({ strategy: 'stuck_job_cleanup', holder: 'one', termSeconds: 60 });
    if (answer.outcome !== 'claimed') throw new Error('Nobody else asks');
    await transaction((session) => claims.hold(session, answer.claim));
    await claims.release(answer.claim, { empty: true });
    await claims.list();
    await journal.read();
    await journal.prune({ maxAgeDays: 1, limit: 10 });
    await transaction(async (session) => {
      await repository.countStaleReservations(session, 10);
      await repository.cleanupStaleReservations(session, await repository.getStaleReservations(session, 10));
      await repository.releaseResourcesForCompletedJobs(
        session,
        await repository.getCompletedJobsWithUnreleasedResources(session),
      );
      await repository.deleteJobsBatch(session, await repository.getOldJobs(session, 30));
    });
    expect(unbounded).toEqual([]);
    expect([...seen]).toEqual(
      expect.arrayContaining(['hello', 'listCollections', 'aggregate', 'update', 'delete', 'commitTransaction']),
    );
    await watched.close();
  });
});
