import { OldJobCleanupStrategy, runPass } from '@jobsweep/core';
import mongoose from 'mongoose';
import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { has, OLD, useDatabase } from './support/database.js';

const { Binary, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId, Timestamp } = mongoose.mongo.BSON;

const OPTIONS: MongoStoreOptions = {
  schema: {
    dependents: { delete: [{ table: 'logs', id: '_id', key: 'job' }] },
    archive: { tables: { logs: 'old logs' } },
  },
};

/** Values that a driver reads as others, if it is let. */
const FIELDS = {
  ...{ whole: new Int32(1), wide: Long.fromNumber(1), double: new Double(1), zero: new Double(-0) },
  ...{
    money: Decimal128.fromString('1.10'),
    bytes: new Binary(Buffer.from([0, 255])),
    like: new BSONRegExp('^a', 'i'),
  },
  ...{ at: new Timestamp({ t: 1, i: 2 }), list: [{ deep: { id: new ObjectId() } }, null, 'ü'], none: null, 'a b': '' },
};

describe.runIf(has('mongodb'))('On MongoDB, the archive', () => {
  const database = useDatabase('mongodb');
  const collection = (name: string) => database.connection.getClient().db(database.connection.name).collection(name);
  /** Documents as the server has them, byte by byte. */
  const raw = async (name: string) => {
    const found = await collection(name).find({}, { raw: true }).sort({ _id: 1 }).toArray();
    return (found as unknown as Buffer[]).map((each) => Buffer.from(each).toString('hex'));
  };
  const purge = () => {
    const store = mongoStore(database.connection, OPTIONS);
    return runPass(store, new OldJobCleanupStrategy(store.repository), { pauseFraction: 0 });
  };

  test('has every document that was deleted, byte for byte, however large', async () => {
    const job = { state: 'COMPLETED', startTime: OLD, endTime: OLD };
    const large = 'x'.repeat(3 * 1024 * 1024);
    const jobs = [1, 2, 3, 4].map((id) => ({ _id: id as never, ...job, ...FIELDS, log: id < 4 ? large : 'x' }));
    await database.jobs.insertMany(jobs);
    await database.allocations.insertOne({ _id: 7 as never, jobId: 1, status: 'RELEASED', ...FIELDS });
    await collection('logs').insertMany([{ _id: 70 as never, job: 1, ...FIELDS }]);
    const names = { jobs: 'jobs_archive', resource_allocations: 'resource_allocations_archive', logs: 'old logs' };
    const before: Record<string, readonly string[]> = {};
    for (const [name, archive] of Object.entries(names)) {
      before[archive] = await raw(name);
      await database.connection.createCollection(archive);
    }
    const { inspect, archive, transaction } = mongoStore(database.connection, OPTIONS);
    expect(await inspect.schema()).toEqual([]);
    expect(await archive?.ddl()).toEqual([]);
    expect(await purge()).toMatchObject({ itemsCleaned: 4, itemsBlocked: 0 });
    for (const [name, archive] of Object.entries(names)) {
      expect(await raw(archive), archive).toEqual(before[archive]);
      expect(await raw(name), name).toEqual([]);
    }

    await transaction(async (session) => archive?.restore(session, await archive.getJobs(session, {})));
    for (const [name, archived] of Object.entries(names)) {
      expect(await raw(name), name).toEqual(before[archived]);
      expect(await raw(archived), archived).toEqual([]);
    }
  });

  test('is made by init, with a key where it needs one, and the privileges for it are told', async () => {
    const schema = { jobs: { columns: { id: 'number' } }, allocations: null, archive: { tables: { jobs: 'kept' } } };
    const { archive, inspect } = mongoStore(database.connection, { schema });
    expect(await archive?.ddl()).toEqual([
      'if (!db.getCollectionNames().includes("kept")) db.createCollection("kept")',
      'db.getCollection("kept").createIndex({"number":1}, {"name":"jobsweep_key","unique":true})',
    ]);
    expect(await archive?.create()).toEqual(['kept']);
    expect(await archive?.create()).toEqual([]);
    const script = await inspect.diagnosis?.grants('me', { strategies: ['old_job_cleanup'], ownTables: false });
    expect(script?.[1]).toContain('"collection":"kept"},"actions":["find","insert","remove"]');
  });
});

describe.runIf(has('mongodb-standalone'))('On MongoDB without transactions, an archive', () => {
  const database = useDatabase('mongodb-standalone');

  test('is refused before anything is deleted', async () => {
    await database.jobs.insertOne({ _id: 1 as never, state: 'COMPLETED', startTime: OLD, endTime: OLD });
    const store = mongoStore(database.connection, { schema: { archive: true }, allowNonAtomic: true });
    const pass = await runPass(store, new OldJobCleanupStrategy(store.repository));
    expect(pass).toMatchObject({ itemsCleaned: 0, error: { code: 'TRANSACTIONS_REQUIRED' } });
    expect(await database.jobs.countDocuments()).toBe(1);
    const restoring = store.transaction(async (session) => store.archive?.restore(session, []));
    await expect(restoring).rejects.toMatchObject({ code: 'TRANSACTIONS_REQUIRED' });
  });
});
