import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { mongooseOf } from './support/connection.js';
import { has, OLD, useDatabase } from './support/database.js';

describe.runIf(has('mongodb'))('values of other types', () => {
  const database = useDatabase('mongodb');

  test('a decimal is no number that a state is mapped to, and hides none of those that are', async () => {
    const { Decimal128, Long } = mongooseOf('newest').mongo.BSON;
    const states = { PENDING: 0, RUNNING: 1, COMPLETED: 2, FAILED: 3 };
    const store = mongoStore(database.connection, { schema: { jobs: { states } } });
    await database.jobs.insertMany([
      ...[1, 2].map((id) => ({ _id: id as never, state: Decimal128.fromString('1'), startTime: OLD })),
      { _id: 3 as never, state: Long.fromNumber(1), startTime: OLD },
      { _id: 4 as never, state: 1, startTime: OLD },
      { _id: 5 as never, state: [1], startTime: OLD },
    ]);
    const found = await store.transaction((session) => store.repository.getStuckJobs(session, 48, { limit: 2 }));
    expect(found.map(({ id }) => id)).toEqual(['3', '4']);
    const rule = { name: 'stuck_job_cleanup', maxAgeHours: 48 } as const;
    expect(await store.inspect.totals(rule)).toMatchObject({ due: 2, population: 2 });
    expect(await store.inspect.diagnosis?.unknownStates()).toMatchObject([{ rows: 2 }, { rows: 1 }]);
  });

  test.each([
    ['epochSeconds', 1],
    ['epochMillis', 1000],
  ] as const)('numbers of %s with a fraction are exact: pages repeat and lose nothing', async (codec, factor) => {
    const schema: NonNullable<MongoStoreOptions['schema']> = {
      jobs: { columns: { startTime: { column: 'began', codec } } },
    };
    const { repository, transaction } = mongoStore(database.connection, { schema });
    const began = [1_577_836_800.123_456_7, 1_577_836_800.123_457_4, 1_577_836_800.123_458];
    await database.jobs.insertMany(
      began.map((seconds, index) => ({ _id: index as never, state: 'RUNNING', began: seconds * factor })),
    );
    const read: string[] = [];
    let after: Awaited<ReturnType<typeof repository.getStuckJobs>>[number] | undefined;
    do {
      [after] = await transaction((session) => repository.getStuckJobs(session, 48, { limit: 1, after }));
      if (after !== undefined) read.push(after.id);
    } while (after !== undefined && read.length < 10);
    expect(read).toEqual(['0', '1', '2']);
    const failed = await transaction(async (session) =>
      repository.markJobsAsFailed(session, await repository.getStuckJobs(session, 48), 'Stuck'),
    );
    expect(failed.map(({ startTime }) => startTime?.toISOString())).toEqual(Array(3).fill('2020-01-01T00:00:00.123Z'));
  });
});
