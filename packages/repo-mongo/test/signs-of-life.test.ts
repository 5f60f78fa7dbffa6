import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { has, useDatabase } from './support/database.js';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR);
const OPTIONS: MongoStoreOptions = {
  schema: { allocations: null },
  filters: { ageColumn: { table: 'heartbeats', key: 'job', column: 'at' } },
};

describe.runIf(has('mongodb'))('On MongoDB, signs of life in another collection', () => {
  const database = useDatabase('mongodb');
  const beats = () => database.connection.collection('heartbeats');
  const beat = (job: number, hours: number) => beats().insertOne({ job, at: ago(hours) });

  test('keep the jobs whose newest one is new, in reads and in writes', async () => {
    await beats().deleteMany({});
    await database.jobs.insertMany(
      [3, 3, 3, 3, 0.5].map((hours, index) => ({
        _id: (index + 1) as never,
        state: 'RUNNING',
        startTime: ago(hours),
      })),
    );
    await Promise.all([beat(1, 2), beat(2, 2), beat(2, 0.1), beat(3, 2), beat(5, 2)]);
    const { repository, transaction, inspect } = mongoStore(database.connection, OPTIONS);
    const found = await transaction((session) => repository.getStuckJobs(session, 1));
    expect(found.map(({ id }) => id).sort()).toEqual(['1', '3', '4']);
    await beat(3, 0);
    const failed = await transaction((session) => repository.markJobsAsFailed(session, found, 'Stuck'));
    expect(failed.map(({ id }) => id).sort()).toEqual(['1', '4']);
    const silent = await transaction((session) => repository.getStuckJobs(session, 2, { silentMinutes: 3 }));
    expect(silent.map(({ id }) => id)).toEqual(['2']);
    expect(await inspect.schema()).toEqual([]);
    await beats().drop();
  });
});
