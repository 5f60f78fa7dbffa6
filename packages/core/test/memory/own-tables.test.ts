import { expect, test } from 'vitest';
import { runPass, StuckJobCleanupStrategy } from '../../src/index.js';
import { memoryStore } from '../../src/memory/index.js';
import { aDatabase, statesOf, withId } from './support.js';

test('stores on one database share its own tables, which are missing until one of them makes them', async () => {
  const database = await aDatabase();
  const [one, other] = [memoryStore(database), memoryStore(database)];
  await expect(one.claims.list()).rejects.toMatchObject({ code: 'NOT_INITIALIZED' });

  expect(await one.ownTables.create()).toEqual(['jobsweep_claims', 'jobsweep_history', 'jobsweep_changes']);
  expect(await other.ownTables.create()).toEqual([]);
  expect(await other.claims.list()).toEqual([]);
});

test('a transaction that is idle for too long is ended, and lets go of what it locked', async () => {
  const database = await aDatabase();
  const { transaction } = memoryStore(database);
  const idle = transaction(
    async (session) => {
      await session.update('jobs', withId('1'), { state: 'FAILED' });
      // Waits for the lock that the idle one has, so it goes on as soon as that is ended.
      await database.transaction((other) => other.update('jobs', withId('2'), { state: 'CANCELLED' }));
      await database.transaction((other) => other.update('jobs', withId('1'), { state: 'COMPLETED' }));
      await session.select((view) => view.row('jobs', '1'));
    },
    { idleTimeoutSeconds: 0.01 },
  );
  await expect(idle).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(statesOf(database)).toEqual(['COMPLETED', 'CANCELLED']);
});

test('a transaction that waits for a lock is not idle', async () => {
  const database = await aDatabase();
  const other = database.begin();
  await other.lock('jobs', withId('1'));
  const waiting = database.begin({ idleTimeoutSeconds: 0.001 });
  const locked = waiting.lock('jobs', withId('1'));
  const longer = database.begin({ idleTimeoutSeconds: 0.01 });
  const lockedByBoth = longer.lock('jobs', withId('1')).catch(() => 'ended');
  await expect(database.transaction((third) => third.lock('jobs', withId('1')), { lockTimeoutSeconds: 0.02 }))
    .rejects //
    .toMatchObject({ code: 'LOCK_TIMEOUT' });
  expect([waiting.isWaiting, longer.isWaiting]).toEqual([true, true]);
  await other.commit();
  expect(await locked).toHaveLength(1);
  await waiting.rollback();
  await lockedByBoth;
  await longer.rollback();
});

test('a pass under a claim works, and stops when the turn is another runner’s', async () => {
  const database = await aDatabase();
  await database.transaction((session) => session.update('jobs', withId('1'), { startTime: '2026-01-01T00:00:00Z' }));
  const store = memoryStore(database);
  await store.ownTables.create();
  const request = { strategy: 'stuck_job_cleanup', termSeconds: 60 };
  const first = await store.claims.acquire({ ...request, holder: 'one' });
  if (first.outcome !== 'claimed') throw new Error(first.outcome);
  await store.claims.release(first.claim, { empty: true });
  const second = await store.claims.acquire({ ...request, holder: 'two' });
  if (second.outcome !== 'claimed') throw new Error(second.outcome);

  const strategy = new StuckJobCleanupStrategy(store.repository);
  expect(await runPass(store, strategy, { claim: first.claim })).toMatchObject({ stopReason: 'claimLost' });
  expect(statesOf(database)).toEqual(['RUNNING', 'RUNNING']);
  expect(await runPass(store, strategy, { claim: second.claim })).toMatchObject({ itemsCleaned: 1 });
});
