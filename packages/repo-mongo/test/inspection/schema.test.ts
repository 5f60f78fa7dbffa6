import { beforeEach, describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../../src/index.js';
import { has, OLD, useDatabase } from '../support/database.js';

describe.runIf(has('mongodb'))('inspect.schema()', () => {
  const database = useDatabase('mongodb');
  const findings = async (options: MongoStoreOptions = {}) =>
    (await mongoStore(database.connection, options).inspect.schema()).map(({ path, problem }) => `${path}: ${problem}`);

  beforeEach(async () => {
    await database.jobs.insertMany(
      [1, 2, 3, 4, 5].map((id) => ({
        _id: id as never,
        state: 'RUNNING',
        startTime: OLD,
        ms: 1.6e12,
        s: 1.6e9,
        fence: 1,
      })),
    );
    await database.allocations.insertOne({ jobId: 1, status: 'RESERVED', allocationTime: OLD });
  });

  test('finds nothing wrong with what fits', async () => {
    expect(await findings()).toEqual([]);
    expect(
      await findings({ schema: { jobs: { columns: { startTime: { column: 'ms', codec: 'epochMillis' } } } } }),
    ).toEqual([]);
  });

  test('finds collections that are missing', async () => {
    expect(await findings({ schema: { jobs: { table: 'nowhere' } } })).toEqual([
      'schema.jobs.table: There is no collection "nowhere"',
    ]);
  });

  test('lets allocations be missing that nobody has made yet, but not where their name is nearly that of others', async () => {
    expect(await findings({ schema: { allocations: { table: 'seats' } } })).toEqual([]);
    const { inspect } = mongoStore(database.connection, { schema: { allocations: { table: 'resourceAllocations' } } });
    expect(await inspect.schema()).toMatchObject([
      {
        path: 'schema.allocations.table',
        problem: 'There is no collection "resourceAllocations"',
        mistake: { kind: 'missing', existing: expect.arrayContaining(['resource_allocations']) },
      },
    ]);
  });

  test('finds a collection that is a view', async () => {
    await database.connection.createCollection('seen', { viewOn: 'jobs', pipeline: [] });
    expect(await findings({ schema: { jobs: { table: 'seen' } } })).toEqual([
      'schema.jobs.table: "seen" is a view, which cannot be written',
    ]);
  });

  test('finds ids that no index makes unique, because a write would take every document with the id', async () => {
    const schema = { jobs: { columns: { id: 'ms' } } };
    const notUnique = [
      'schema.jobs.columns.id: Two documents of "jobs" may have the same "ms": no index is unique in it alone',
    ];
    expect(await findings({ schema })).toEqual(notUnique);
    await database.jobs.createIndex({ ms: 1, s: 1 }, {}, {});
    expect(await findings({ schema })).toEqual(notUnique);
    await database.jobs.updateMany({}, [{ $set: { ms: '$_id' } }]);
    await database.jobs.createIndex({ ms: 1 }, { unique: true }, {});
    expect(await findings({ schema })).toEqual([]);
    await database.jobs.dropIndexes();
  });

  test('finds fields that no document has', async () => {
    const columns = { state: 'phase', startTime: 'started' };
    expect(await findings({ schema: { jobs: { columns } } })).toEqual([
      'schema.jobs.columns.state: None of the documents of "jobs" that were looked at (5) has a field "phase"',
    ]);
    expect(await findings({ schema: { jobs: { columns: { startTime: 'started' } } } })).toEqual([
      'schema.jobs.columns.startTime: None of the documents of "jobs" that were looked at (5) has a field "started"',
    ]);
  });

  test('finds values that do not fit their codec', async () => {
    const startTime = (column: string, codec: 'instant' | 'epochSeconds' | 'epochMillis') =>
      findings({ schema: { jobs: { columns: { startTime: { column, codec } } } } });
    expect(await startTime('ms', 'instant')).toEqual([
      'schema.jobs.columns.startTime: The field holds a number, which is no instant',
    ]);
    expect(await startTime('startTime', 'epochMillis')).toEqual([
      'schema.jobs.columns.startTime: The field holds a date, which is no epochMillis',
    ]);
    expect(await startTime('ms', 'epochSeconds')).toEqual([expect.stringContaining('looks like milliseconds')]);
    expect(await startTime('s', 'epochMillis')).toEqual([expect.stringContaining('looks like seconds')]);
  });

  test('finds links of another type than the ids, and a fence that cannot be incremented', async () => {
    await database.allocations.updateMany({}, { $set: { jobId: '1' } });
    await database.jobs.updateMany({}, { $set: { fence: 'wooden' } });
    expect(await findings()).toEqual([
      'fenceField: Field "fence" of jobs holds a string, which cannot be incremented',
      'schema.allocations.columns.jobId: The field holds a string, and the ids of jobs are of type number: no allocation has a job',
    ]);
  });

  test('finds fields that options of strategies and filters name, and that hold something else or are nowhere', async () => {
    const { inspect } = mongoStore(database.connection, { filters: { ageColumn: 'beatAt' } });
    const giving = async (requeue: object) => {
      const found = await inspect.schema({ rules: [{ name: 'stuck_job_cleanup', maxAgeHours: 48, requeue }] });
      return found.map(({ path, strategies, mistake }) => [path, strategies, mistake?.kind]);
    };
    const by = ['stuck_job_cleanup'];
    expect(await giving({ triesColumn: 'tries', runAfterColumn: 'runAfter' })).toEqual([]);
    await database.jobs.updateMany({ _id: { $gt: 1 as never } }, { $set: { tries: null, runAfter: OLD } });
    expect(await giving({ triesColumn: 'tries', runAfterColumn: 'runAfter' })).toEqual([]);
    await database.jobs.updateMany({ _id: { $gt: 1 as never } }, { $set: { tries: 'none', runAfter: 7 } });
    expect(await giving({ triesColumn: 'tries', runAfterColumn: 'runAfter' })).toEqual([
      ['stuck_job_cleanup.requeue.triesColumn', by, 'fence'],
      ['stuck_job_cleanup.requeue.runAfterColumn', by, 'value'],
    ]);
    await expect(giving({ triesColumn: '$tries' })).rejects.toMatchObject({ code: 'INVALID_SCHEMA' });
    await expect(
      giving({ triesColumn: 'tries', runAfterColumn: { column: 'runAfter', codec: 'utcDateTime' } }),
    ).rejects.toMatchObject({ code: 'INVALID_SCHEMA' });

    const of = (options: MongoStoreOptions) =>
      findings(options).then((found) => found.map((each) => each.split(':')[0]));
    expect(await of({ filters: { keepNewest: { count: 3, per: { column: 'queue' } } } })).toEqual([
      'filters.keepNewest.per.column',
    ]);
    expect(await of({ filters: { limitFor: { column: 'queue', stuckHours: { mail: 1 } }, ageFrom: 's' } })).toEqual([
      'filters.limitFor.column',
      'filters.ageFrom',
    ]);
    await database.jobs.updateMany({}, { $set: { state: 'PENDING' } });
    expect(await of({ schema: { jobs: { columns: { createdTime: 'createdAt' } } } })).toEqual([
      'schema.jobs.columns.createdTime',
    ]);
  });

  test.each([
    ['of the strategies', { state: 1, startTime: 1, _id: 1 }],
    ['of somebody else', { startTime: 1 }],
  ] as const)('finds times ahead of the server where an index %s has them in order', async (_what, key) => {
    const later = new Date(Date.now() + 3_600_000);
    await database.jobs.insertMany([1, 2, 3].map((id) => ({ _id: -id as never, state: 'RUNNING', startTime: later })));
    expect(await findings()).toEqual([]);
    await database.jobs.createIndexes([{ key, name: 'theirs' }]);
    const find = () => mongoStore(database.connection).inspect.schema();
    const path = 'schema.jobs.columns.startTime';
    expect(await find()).toMatchObject([{ path, severity: 'warning', mistake: { kind: 'ahead', rows: 8, ahead: 3 } }]);
    await database.jobs.updateMany({}, { $set: { startTime: later } });
    const found = await find();
    await database.jobs.dropIndex('theirs');
    expect(found).toMatchObject([{ path, severity: 'error', strategies: ['stuck_job_cleanup'] }]);
  });
});
