import { runInNewContext } from 'node:vm';
import type { PassEntry } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { type MongoStoreOptions, mongoStore } from '../../src/index.js';
import { connectionTo } from '../support/connection.js';
import { has, OLD, useDatabase } from '../support/database.js';

const ENTRY: PassEntry = {
  config: 'main',
  strategy: 'old_job_cleanup',
  status: 'done',
  stopReason: 'blocked',
  durationMs: 1500,
  dueMs: 6000,
  longestDueMs: 4000,
  itemsCleaned: 10,
  itemsFound: 12,
  itemsContended: 1,
  itemsPassedOver: 0,
  itemsBlocked: 1,
  itemsUnknown: 0,
  batches: 2,
  blocked: [{ id: '7', code: 'ROW_REJECTED', message: 'no', constraint: undefined }],
  error: { code: 'DATABASE_ERROR', message: 'at mongodb://root:hunter2@db/x' },
  host: 'host-1',
  holder: 'host-1:abc',
  note: null,
};

describe.runIf(has('mongodb'))("jobsweep's own collections", () => {
  const database = useDatabase('mongodb');
  const plain = () => database.connection.getClient().db(database.connection.name);
  const store = (options: MongoStoreOptions = {}) => mongoStore(database.connection, options);

  beforeEach(async () => {
    for (const name of ['jobsweep_claims', 'jobsweep_history', 'jobsweep_changes']) await plain().dropCollection(name);
  });

  test('are refused by name until they are made, and nothing makes them by the way', async () => {
    const { claims, journal, transaction, ownTables } = store();
    const claim = {
      config: 'main',
      strategy: 'old_job_cleanup',
      holder: 'one',
      term: 1,
      termSeconds: 60,
      pass: 'none',
    };
    const missing = {
      code: 'NOT_INITIALIZED',
      message: expect.stringMatching(/"jobsweep_(claims|history)".*ownTables\.create/),
    };
    await expect(claims.acquire(claim)).rejects.toMatchObject(missing);
    await expect(transaction((session) => claims.hold(session, claim))).rejects.toMatchObject(missing);
    await expect(claims.release(claim, { empty: true })).rejects.toMatchObject(missing);
    await expect(claims.list()).rejects.toMatchObject(missing);
    await expect(journal.append(ENTRY)).rejects.toMatchObject(missing);
    await expect(journal.read()).rejects.toMatchObject(missing);
    await expect(journal.prune({ maxAgeDays: 1, limit: 1 })).rejects.toMatchObject(missing);
    expect(await ownTables.state()).toEqual([
      { table: 'jobsweep_claims', exists: false, problem: null },
      { table: 'jobsweep_history', exists: false, problem: null },
      { table: 'jobsweep_changes', exists: false, problem: null },
    ]);
  });

  test('are made once, by several at once too, under the names that the store was given', async () => {
    const ownTables = { claims: 'sweep.claims', history: 'sweep.history', changes: 'sweep.changes' };
    const others = await Promise.all([1, 2, 3].map(() => connectionTo(database.url)));
    const stores = others.map((connection) => mongoStore(connection, { ownTables }));
    const made = await Promise.all(stores.map((each) => each.ownTables.create()));
    expect(new Set(made.flat())).toEqual(new Set(['sweep.claims', 'sweep.history', 'sweep.changes']));
    expect(await store({ ownTables }).ownTables.create()).toEqual([]);
    expect(await store({ ownTables }).ownTables.state()).toEqual([
      { table: 'sweep.claims', exists: true, problem: null },
      { table: 'sweep.history', exists: true, problem: null },
      { table: 'sweep.changes', exists: true, problem: null },
    ]);
    await Promise.all(others.map((connection) => connection.close()));
  });

  test('are what the lines for mongosh make', async () => {
    const { ownTables } = store();
    const names = await plain().listCollections().toArray();
    const shell = {
      getCollectionNames: () => names.map(({ name }) => name),
      createCollection: (name: string) => plain().createCollection(name),
      getCollection: (name: string) => plain().collection(name),
    };
    for (const line of ownTables.ddl) await (runInNewContext(line, { db: shell }) as Promise<unknown>);
    expect(await ownTables.state()).toMatchObject([
      { exists: true, problem: null },
      { exists: true, problem: null },
      { exists: true, problem: null },
    ]);
    expect(await ownTables.create()).toEqual([]);
  });

  test('are told apart from a view of that name and from a collection without its indexes, which create() adds', async () => {
    const { ownTables } = store();
    await plain().createCollection('jobsweep_claims', { viewOn: 'jobs', pipeline: [] });
    await plain().createCollection('jobsweep_history');
    await plain().createCollection('jobsweep_changes');
    expect((await ownTables.state()).map(({ problem }) => problem)).toEqual([
      'It is a view, which cannot be written',
      'It has no index jobsweep_strategy, nor jobsweep_started',
      null,
    ]);
    expect(await ownTables.create()).toEqual([]);
    expect((await ownTables.state()).map(({ problem }) => problem)).toEqual([
      'It is a view, which cannot be written',
      null,
      null,
    ]);
  });

  test.each([{ claims: '' }, { claims: 'a$b' }, { history: 'system.history' }, { history: 'jobsweep_claims' }])(
    'cannot be called %j',
    (ownTables) => {
      expect(() => store({ ownTables })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    },
  );

  test('keep each pass as it was told, newest first, in pages, without passwords', async () => {
    const { journal, ownTables } = store();
    await ownTables.create();
    for (const [itemsCleaned, strategy] of ['a', 'b', 'a', 'a'].entries()) {
      await journal.append({ ...ENTRY, strategy, itemsCleaned });
    }
    const [newest, ...rest] = await journal.read();
    const { id, startedAt, ...told } = newest ?? {};
    expect(told).toEqual({
      ...ENTRY,
      ...{ pass: null, samples: [] },
      strategy: 'a',
      itemsCleaned: 3,
      error: { code: 'DATABASE_ERROR', message: 'at mongodb://root:***@db/x' },
    });
    const { localTime } = await plain().admin().command({ hello: 1 });
    const agoMs = (localTime as Date).getTime() - Number(startedAt);
    expect(agoMs).toBeGreaterThanOrEqual(1500);
    expect(agoMs).toBeLessThan(60_000);
    expect(rest.map(({ itemsCleaned }) => itemsCleaned)).toEqual([2, 1, 0]);
    const page = await journal.read({ strategy: 'a', limit: 1, before: { id: String(id) } });
    expect(page.map(({ itemsCleaned }) => itemsCleaned)).toEqual([2]);
    await expect(journal.read({ before: { id: '7' } })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('lose the oldest passes first, as many as asked, and none that is young', async () => {
    const { journal, ownTables } = store();
    await ownTables.create();
    const history = plain().collection('jobsweep_history');
    await history.insertMany([3, 1, 2].map((n) => ({ n, started_at: new Date(OLD.getTime() + n * 1000) })));
    await journal.append(ENTRY);
    const left = () => history.distinct('n');
    expect(await journal.prune({ maxAgeDays: 30, limit: 2 })).toBe(2);
    expect(await left()).toEqual([3]);
    expect(await journal.prune({ maxAgeDays: 30, limit: 1000 })).toBe(1);
    expect(await journal.prune({ maxAgeDays: 30, limit: 1000 })).toBe(0);
    expect(await journal.read()).toHaveLength(1);
  });
});
