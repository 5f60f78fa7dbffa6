import type { CleanupStore } from '@jobsweep/core';
import type { ClientSession, Connection, mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mongoStore } from '../src/index.js';
import { mongooseOf } from './support/connection.js';
import { has, OLD, useDatabase } from './support/database.js';

type Store = CleanupStore<ClientSession>;

describe.runIf(has('mongodb'))('commands', () => {
  const database = useDatabase('mongodb');
  const sent: mongo.CommandStartedEvent[] = [];
  let watched: Connection;
  let store: Store;

  beforeAll(async () => {
    watched = await mongooseOf('newest').createConnection(database.url, { monitorCommands: true }).asPromise();
    watched.getClient().on('commandStarted', (event) => sent.push(event));
    store = mongoStore(watched);
    // What is asked once is asked before.
    await store.transaction((session) => store.repository.getStuckJobs(session, 48));
  });
  beforeEach(async () => {
    const ids = [1, 2, 3, 4];
    await database.jobs.insertMany([
      ...ids.map((id) => ({ _id: id as never, state: 'RUNNING', startTime: OLD })),
      ...ids.map((id) => ({ _id: (id + 10) as never, state: 'COMPLETED', startTime: OLD, endTime: OLD })),
    ]);
    sent.length = 0;
  });
  afterAll(() => watched.close());

  const allocations = (...rows: readonly mongo.Document[]) => database.allocations.insertMany([...rows]);
  /** What one transaction sends: each command, and the collection that it is about. */
  const commandsOf = async (work: (session: ClientSession, of: Store['repository']) => Promise<unknown>) => {
    sent.length = 0;
    await store.transaction((session) => work(session, store.repository));
    return sent.map(({ command, commandName }) => `${commandName} ${String(command[commandName])}`);
  };

  test('a look that finds nothing is one command for each rule, beside the clock and the end of the transaction', async () => {
    await database.jobs.deleteMany({});
    const looks = [
      await commandsOf((session, of) => of.countCompletedJobsWithUnreleasedResources(session, { atMost: 1 })),
      await commandsOf((session, of) => of.getStaleReservations(session, 10, { limit: 1 })),
      await commandsOf((session, of) => of.countStaleReservations(session, 10, { atMost: 1 })),
      await commandsOf((session, of) => of.getStuckJobs(session, 48, { limit: 1 })),
      await commandsOf((session, of) => of.getOldJobs(session, 30, { limit: 1 })),
    ];
    expect(looks.map((commands) => commands.filter((command) => command.startsWith('aggregate')))).toEqual([
      ['aggregate resource_allocations'],
      ['aggregate resource_allocations'],
      ['aggregate resource_allocations'],
      ['aggregate jobs'],
      ['aggregate jobs'],
    ]);
    for (const commands of looks) expect(commands.length).toBe(3);
  });

  test('a turn with nothing to do is taken by one command and given back by one', async () => {
    const { claims, ownTables } = store;
    await ownTables.create();
    const turn = async () => {
      const answer = await claims.acquire({ strategy: 'stuck_job_cleanup', holder: 'one', termSeconds: 60 });
      if (answer.outcome !== 'claimed') throw new Error(answer.outcome);
      expect(await claims.release(answer.claim, { empty: true })).toBe(true);
    };
    await turn();
    sent.length = 0;
    await turn();
    const ofClaims = sent.filter(({ command, commandName }) => command[commandName] === 'jobsweep_claims');
    expect(ofClaims.map(({ commandName }) => commandName)).toEqual(['findAndModify', 'findAndModify']);
  });

  test('the clock is asked once a transaction, however many operations it has', async () => {
    const commands = await commandsOf(async (session, of) => {
      await of.getStuckJobs(session, 48);
      await of.getOldJobs(session, 30);
      await of.getStuckJobs(session, 48);
    });
    expect(commands.filter((command) => command.startsWith('hello'))).toHaveLength(1);
    await watched.transaction(async (session) => {
      sent.length = 0;
      await store.repository.getStuckJobs(session, 48);
      await store.repository.getOldJobs(session, 30);
    });
    expect(sent.filter(({ commandName }) => commandName === 'hello')).toHaveLength(1);
  });

  test('a batch is the same commands, however many rows it has', async () => {
    const seed = async (rows: number, job: mongo.Document, held: mongo.Document) => {
      await Promise.all([database.jobs.deleteMany({}), database.allocations.deleteMany({})]);
      const ids = Array.from({ length: rows }, (_, index) => index);
      await database.jobs.insertMany(ids.map((id) => ({ _id: id as never, startTime: OLD, ...job })));
      await allocations(...ids.map((id) => ({ _id: id as never, jobId: id, allocationTime: OLD, ...held })));
    };
    const batchOf = async (rows: number) => {
      await seed(rows, { state: 'COMPLETED' }, { status: 'ALLOCATED' });
      const completed = await commandsOf(async (session, of) =>
        of.releaseResourcesForCompletedJobs(session, await of.getCompletedJobsWithUnreleasedResources(session)),
      );
      await seed(rows, { state: 'RUNNING' }, { status: 'RESERVED' });
      const stale = await commandsOf(async (session, of) =>
        of.cleanupStaleReservations(session, await of.getStaleReservations(session, 10)),
      );
      await seed(rows, { state: 'RUNNING' }, { status: 'ALLOCATED' });
      const stuck = await commandsOf(async (session, of) => {
        const failed = await of.markJobsAsFailed(session, await of.getStuckJobs(session, 48), 'Stuck');
        await of.releaseResourcesForJobs(session, failed);
      });
      await seed(rows, { state: 'FAILED', endTime: OLD }, { status: 'RELEASED' });
      const old = await commandsOf(async (session, of) =>
        of.deleteJobsBatch(session, await of.getOldJobs(session, 30)),
      );
      expect(await database.jobs.countDocuments()).toBe(0);
      return { completed, stale, stuck, old };
    };
    const ofOne = await batchOf(1);
    expect(await batchOf(20)).toEqual(ofOne);
    expect(ofOne).toMatchInlineSnapshot(`
      {
        "completed": [
          "hello 1",
          "aggregate resource_allocations",
          "aggregate jobs",
          "aggregate resource_allocations",
          "update jobs",
          "update resource_allocations",
          "commitTransaction 1",
        ],
        "old": [
          "hello 1",
          "aggregate jobs",
          "aggregate jobs",
          "aggregate resource_allocations",
          "delete resource_allocations",
          "delete jobs",
          "commitTransaction 1",
        ],
        "stale": [
          "hello 1",
          "aggregate resource_allocations",
          "aggregate resource_allocations",
          "aggregate jobs",
          "aggregate resource_allocations",
          "update jobs",
          "aggregate jobs",
          "update resource_allocations",
          "commitTransaction 1",
        ],
        "stuck": [
          "hello 1",
          "aggregate jobs",
          "aggregate jobs",
          "update jobs",
          "aggregate jobs",
          "aggregate jobs",
          "aggregate resource_allocations",
          "update jobs",
          "update resource_allocations",
          "commitTransaction 1",
        ],
      }
    `);
  });

  test('what one job holds is looked at once for all its reservations', async () => {
    const reservations = Array.from({ length: 50 }, (_, index) => ({
      _id: `r${index}` as never,
      jobId: 1,
      status: 'RESERVED',
      allocationTime: OLD,
    }));
    await allocations(...reservations);
    let found: unknown;
    const look = async (session: ClientSession, of: Store['repository']) => {
      found = [(await of.getStaleReservations(session, 10)).length, await of.countStaleReservations(session, 10)];
    };
    const commands = await commandsOf(look);
    expect(found).toEqual([50, 50]);
    expect(commands.filter((command) => command.startsWith('aggregate'))).toHaveLength(4);
    await allocations({ _id: 'held' as never, jobId: 1, status: 'ALLOCATED' });
    await commandsOf(look);
    expect(found).toEqual([0, 0]);
  });

  test('a text is read no further than it is shown', async () => {
    await database.jobs.updateOne({ _id: 1 as never }, { $set: { name: 'é'.repeat(100_000) } });
    let bytes = 0;
    watched.getClient().on('commandSucceeded', ({ commandName, reply }) => {
      if (commandName === 'aggregate') bytes = JSON.stringify(reply).length;
    });
    await store.transaction(async (session) => {
      const [job] = await store.repository.getStuckJobs(session, 48, { limit: 1 });
      expect(job?.name).toBe(`${'é'.repeat(200)}…`);
    });
    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThan(10_000);
  });
});
