import type { ClientSession, Connection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { connectionTo, RELEASES } from './support/connection.js';
import { type CutOff, cutOffWayTo } from './support/cut-off.js';
import { has, OLD, useDatabase } from './support/database.js';

describe.runIf(has('mongodb')).each(RELEASES)('a connection that is lost, on the %s mongoose,', (release) => {
  const database = useDatabase('mongodb', release);
  let way: CutOff;
  let connection: Connection;

  beforeEach(async () => {
    way = await cutOffWayTo(database.url);
    connection = await connectionTo(way.url, release);
    await database.jobs.insertOne({ _id: 1 as never, name: 'one', state: 'RUNNING', startTime: OLD });
  });
  afterEach(async () => {
    await connection.close();
    await way.close();
  });

  /** Fails the stuck job, with something in between or after. */
  const failStuck = (options: MongoStoreOptions, between: () => void, after: () => void = () => undefined) => {
    const { repository, transaction } = mongoStore(connection, options);
    return transaction(async (session: ClientSession) => {
      const stuck = await repository.getStuckJobs(session, 48);
      between();
      const failed = await repository.markJobsAsFailed(session, stuck, 'Stuck');
      after();
      return failed;
    });
  };
  const stateNow = async () => (await database.jobs.findOne({}))?.state as string;

  test('within a command is CONNECTION_LOST, and nothing of the work stays', async () => {
    const lost = failStuck({ maxAttempts: 1 }, () => way.cutAt('update'));
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await stateNow()).toBe('RUNNING');
  });

  test.each(['between two commands', 'within a command'])(
    'once %s is tried again from the start of the work',
    async (when) => {
      let cuts = 0;
      const failed = await failStuck({}, () => {
        cuts += 1;
        if (cuts > 1) return;
        if (when === 'within a command') way.cutAt('update');
        else way.cut();
      });
      expect(failed).toHaveLength(1);
      expect(cuts).toBe(2);
      expect(await stateNow()).toBe('FAILED');
    },
  );

  test('while committing is COMMIT_UNKNOWN', async () => {
    const unknown = failStuck(
      { maxAttempts: 1 },
      () => undefined,
      () => way.cutTheAnswer(),
    );
    await expect(unknown).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
    // The server has heard of it, and nobody here can know that.
    expect(await stateNow()).toBe('FAILED');
  });

  test('before anything is asked is CONNECTION_LOST', async () => {
    const nowhere = await connectionTo(way.url, release);
    await nowhere.close();
    const { repository, transaction } = mongoStore(nowhere, { maxAttempts: 1 });
    const asked = transaction((session) => repository.getStuckJobs(session, 48));
    await expect(asked).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});
