import type { CleanupStore, PassEntry } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { anEntry } from './entries.js';
import { aRequest, claimed } from './turns.js';

/** The tables that jobsweep makes for itself: when they are missing, and how they are made. */
export function describeOwnTables<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  describe('own tables', () => {
    beforeEach(() => cluster.own.drop());

    test('are missing until they are made, and whatever needs them says so', async () => {
      const store = cluster.store();
      const state = await store.ownTables.state();
      expect(state).toHaveLength(3);
      for (const table of state) expect(table).toMatchObject({ exists: false, problem: null });
      await expectNotInitialized(store);
    });

    test('are made where they are missing, and only there', async () => {
      const { ownTables } = cluster.store();
      const names = (await ownTables.state()).map(({ table }) => table);
      expect(await ownTables.create()).toEqual(names);
      expect(await ownTables.state()).toEqual(names.map((table) => ({ table, exists: true, problem: null })));
      expect(await ownTables.create()).toEqual([]);
    });

    test('keep what is in them when they are made again', async () => {
      const { ownTables, claims, journal } = cluster.store();
      await ownTables.create();
      const request = aRequest();
      await claimed(claims, request);
      await journal.append(anEntry());
      await ownTables.create();
      expect(await claims.list()).toMatchObject([{ strategy: request.strategy, holder: 'one' }]);
      expect(await journal.read()).toHaveLength(1);
    });

    test('are made by several at once', async () => {
      const stores = [1, 2, 3, 4].map(() => cluster.store());
      const made = await Promise.all(stores.map(({ ownTables }) => ownTables.create()));
      expect(new Set(made.flat()).size).toBe(3);
      for (const { claims } of stores) expect(await claims.list()).toEqual([]);
    });

    test('are made by the statements that they show, which can be run again', async () => {
      const { ownTables, claims, journal } = cluster.store();
      expect(ownTables.ddl.length).toBeGreaterThan(0);
      for (const statement of ownTables.ddl) expect(statement).toMatch(/\S/);
      const { run } = cluster.own;
      if (run === undefined) return;
      for (const statement of [...ownTables.ddl, ...ownTables.ddl]) await run(statement);
      for (const table of await ownTables.state()) expect(table).toMatchObject({ exists: true, problem: null });
      expect(await ownTables.create()).toEqual([]);
      await claimed(claims, aRequest());
      await journal.append(anEntry());
      expect(await journal.read()).toHaveLength(1);
    });
  });
}

/** The opposite, for adapters that make no tables. */
export function describeNoOwnTables<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  test('a store without tables of its own says so of claims and history', async () => {
    const store = cluster.store();
    expect(store.ownTables.ddl).toEqual([]);
    expect(await store.ownTables.create()).toEqual([]);
    expect(await store.ownTables.state()).toEqual([]);
    await expectNotInitialized(store);
  });
}

async function expectNotInitialized<Session>(store: CleanupStore<Session>): Promise<void> {
  const { changes, claims, journal, transaction } = store;
  const request = aRequest();
  const claim = { ...request, config: 'main', term: 1, pass: 'none' };
  const entry: PassEntry = anEntry();
  const needy: Readonly<Record<string, () => Promise<unknown>>> = {
    acquire: () => claims.acquire(request),
    hold: () => transaction((session) => claims.hold(session, claim)),
    advance: () => transaction((session) => claims.advance(session, claim)),
    release: () => claims.release(claim, { empty: true }),
    list: () => claims.list(),
    append: () => journal.append(entry),
    read: () => journal.read(),
    prune: () => journal.prune({ maxAgeDays: 1, limit: 10 }),
    'read changes': () => changes.read({ pass: '0'.repeat(20) }),
    'prune changes': () => changes.prune({ maxAgeDays: 1, limit: 10 }),
  };
  for (const [name, call] of Object.entries(needy)) {
    await expect(call(), name).rejects.toMatchObject({ code: 'NOT_INITIALIZED' });
  }
}
