import type { Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { useCluster } from '../support/cluster.js';
import { OPERATIONS, rowsFor, WRITES } from '../support/operations.js';
import { changesOf, seed } from '../support/rows.js';

const cluster = useCluster();
const NO_TRANSACTION = { name: 'JobsweepError', code: 'SESSION_NOT_IN_TRANSACTION' };

describe.each(OPERATIONS)('$name', (operation) => {
  test('refuses a session that is no open transaction, and writes nothing', async () => {
    await seed(cluster.sql, rowsFor(operation));
    const { repository } = cluster.store();
    const ended = await cluster.knex.transaction();
    await ended.commit();
    const undone = await cluster.knex.transaction();
    await undone.rollback();
    const sessions: unknown[] = [cluster.knex, ended, undone, undefined, null, {}];
    const changes = await changesOf(cluster.sql, async () => {
      for (const session of sessions) {
        await expect(operation.call(repository, session as Knex.Transaction)).rejects.toMatchObject(NO_TRANSACTION);
      }
    });
    expect(changes).toEqual({});
  });

  test("works in the caller's own transaction, without leaving a setting behind in it", async () => {
    await seed(cluster.sql, rowsFor(operation));
    const { repository } = cluster.store();
    const settings = async (trx: Knex.Transaction) =>
      (await trx.raw<{ rows: unknown[] }>('select name, setting from pg_settings order by name')).rows;
    await cluster.knex.transaction(
      async (trx) => {
        const before = await settings(trx);
        await operation.call(repository, trx);
        expect(await settings(trx)).toEqual(before);
        expect(trx.isCompleted()).toBe(false);
      },
      { isolationLevel: 'read committed' },
    );
  });
});

describe.each(WRITES)('$name', (operation) => {
  test("is undone by the caller's rollback, and done by its commit", async () => {
    await seed(cluster.sql, rowsFor(operation));
    const { repository } = cluster.store();
    const rolledBack = await changesOf(cluster.sql, async () => {
      const trx = await cluster.knex.transaction();
      await operation.call(repository, trx);
      await trx.rollback();
    });
    expect(rolledBack).toEqual({});
    const committed = await changesOf(cluster.sql, async () => {
      const trx = await cluster.knex.transaction();
      await operation.call(repository, trx);
      await trx.commit();
    });
    expect(committed).not.toEqual({});
  });

  test('is undone with a savepoint of the caller, which goes on', async () => {
    await seed(cluster.sql, rowsFor(operation));
    const { repository } = cluster.store();
    const changes = await changesOf(cluster.sql, () =>
      cluster.knex.transaction(async (trx) => {
        const savepoint = await trx.transaction();
        await operation.call(repository, savepoint);
        await savepoint.rollback();
      }),
    );
    expect(changes).toEqual({});
  });

  test.each(['repeatable read', 'serializable'] as const)('refuses a transaction at %s', async (isolationLevel) => {
    await seed(cluster.sql, rowsFor(operation));
    const { repository } = cluster.store();
    const work = (trx: Knex.Transaction) => operation.call(repository, trx);
    const changes = await changesOf(cluster.sql, async () => {
      await expect(cluster.knex.transaction(work, { isolationLevel })).rejects.toMatchObject({
        code: 'ISOLATION_UNSUPPORTED',
        message: expect.stringContaining(isolationLevel.toUpperCase()),
      });
    });
    expect(changes).toEqual({});
  });

  test('works at READ UNCOMMITTED, which PostgreSQL treats as READ COMMITTED', async () => {
    await seed(cluster.sql, rowsFor(operation));
    const { repository } = cluster.store();
    const work = (trx: Knex.Transaction) => operation.call(repository, trx);
    const changes = await changesOf(cluster.sql, () =>
      cluster.knex.transaction(work, { isolationLevel: 'read uncommitted' }),
    );
    expect(changes).not.toEqual({});
  });
});

test('reads work at every isolation level', async () => {
  const { repository } = cluster.store();
  const read = cluster.knex.transaction((trx) => repository.getOldJobs(trx, 30), { isolationLevel: 'serializable' });
  expect(await read).toEqual([]);
});
