import { createStrategies, runPass } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { has, useDatabase } from './support/database.js';

const OLD = new Date('2020-01-01T00:00:00Z');
const OPTIONS: MongoStoreOptions = {
  schema: {
    dependents: {
      delete: [{ table: 'logs', id: '_id', key: 'job', dependents: [{ table: 'lines', id: '_id', key: 'log' }] }],
      keep: [{ table: 'notes', key: 'job', where: { kind: 'keep' } }],
    },
  },
};

const purge = async (store: ReturnType<typeof mongoStore>) => {
  const strategies = createStrategies(store, { old_job_cleanup: { enabled: true } });
  const [strategy] = strategies.filter(({ name }) => name === 'old_job_cleanup');
  if (strategy === undefined) throw new Error('there is no such strategy');
  return runPass(store, strategy, { pauseFraction: 0 });
};

describe.runIf(has('mongodb'))('On MongoDB, what hangs on jobs', () => {
  const database = useDatabase('mongodb');
  const collection = (name: string) => database.connection.collection<{ _id: number; [field: string]: unknown }>(name);
  const ids = async (name: string) => (await collection(name).find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

  test('goes before them, and a job stays that has something which keeps it', async () => {
    const job = { state: 'COMPLETED', startTime: OLD, endTime: OLD };
    await database.jobs.insertMany([1, 2, 3].map((id) => ({ _id: id as never, ...job })));
    await collection('logs').insertMany([1, 2, 3].map((id) => ({ _id: id * 10, job: id })));
    await collection('lines').insertMany([1, 2, 3].map((id) => ({ _id: id * 100, log: id * 10 })));
    await collection('notes').insertMany([
      { _id: 1, job: 1, kind: 'keep' },
      { _id: 2, job: 2, kind: 'other' },
    ]);
    const store = mongoStore(database.connection, OPTIONS);
    expect(await store.inspect.schema()).toEqual([]);
    expect(await purge(store)).toMatchObject({ itemsCleaned: 2, itemsBlocked: 0 });
    expect(await ids('jobs')).toEqual([1]);
    expect(await ids('logs')).toEqual([10]);
    expect(await ids('lines')).toEqual([100]);
  });
});

describe.runIf(has('mongodb-standalone'))('On MongoDB without transactions, what hangs on jobs', () => {
  const database = useDatabase('mongodb-standalone');

  test('is refused before anything is deleted', async () => {
    await database.jobs.insertOne({ _id: 1 as never, state: 'COMPLETED', startTime: OLD, endTime: OLD });
    const store = mongoStore(database.connection, { ...OPTIONS, allowNonAtomic: true });
    expect(await purge(store)).toMatchObject({ error: { code: 'TRANSACTIONS_REQUIRED' } });
    expect(await database.jobs.countDocuments()).toBe(1);
  });
});
