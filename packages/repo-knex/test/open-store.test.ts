import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AdapterModule } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import type { Knex } from 'knex';
import { describe, expect, test, vi } from 'vitest';
import { type KnexStoreOptions, openStore } from '../src/index.js';

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('is what the command line asks of an adapter', () => {
  const { openStore: open }: AdapterModule<Knex.Transaction, KnexStoreOptions> = { openStore };
  expect(open).toBe(openStore);
});

describe.each(enginesOfRun())('a store that is opened by the URL of %s', (engine) => {
  const database = freshDatabase('open-store', engine);
  const schemes = engine === 'postgres' ? ['postgres', 'postgresql'] : ['mysql', 'mariadb'];

  test.each(schemes)('reaches the database by %s://', async (scheme) => {
    const { store, close } = await openStore({ url: database.url.replace(/^\w+/, scheme), poolSize: 1 });
    const [finding] = await store.inspect.schema();
    expect(finding).toMatchObject({ path: 'schema.jobs.table' });
    await close();
    await expect(store.inspect.schema()).rejects.toThrow();
  });

  test('reads whole numbers beyond 2^53 and times exactly', async () => {
    const { store, close } = await openStore({ url: database.url });
    const query = engine === 'postgres' ? 'select 9007199254740993::bigint as n' : 'select 9007199254740993 as n';
    const rows = await store.transaction((trx) => trx.raw<unknown>(query));
    expect(JSON.stringify(rows)).toContain('"9007199254740993"');
    await close();
  });

  test('asks nothing of a server before it is used, and tells of one that cannot be reached then', async () => {
    const url = new URL(database.url);
    url.port = String(await closedPort());
    const { store, close } = await openStore({ url: url.href });
    const printed = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    for (const _attempt of [1, 2]) {
      await expect(store.inspect.schema()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    }
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
    await close();
  });

  if (engine !== 'postgres') {
    test('tells a login that is refused, and a database that is not there', async () => {
      const login = new URL(database.url);
      login.password = 'wrong';
      const missing = database.url.replace(/[^/]+$/, 'no_such_database');
      for (const [url, code, fix] of [
        [login.href, 'PERMISSION_DENIED', 'Check the user, the password'],
        [missing, 'SCHEMA_MISMATCH', 'Check the name of the database'],
      ] as const) {
        const { store, close } = await openStore({ url });
        await expect(store.inspect.server()).rejects.toMatchObject({ code, message: expect.stringContaining(fix) });
        await close();
      }
    });
  }

  test('is made with the options of the adapter', async () => {
    const opened = openStore({ url: database.url }, { maxAttempts: 0 });
    await expect(opened).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('a URL that cannot be', () => {
  test.each([
    'mongodb://root:hunter2@db.example/cluster',
    'postgres:hunter2',
    'hunter2',
    'postgres://root:hunter2@[/cluster',
    'mysql://root:hunter2/3@db.example/cluster',
  ])('is refused without a word of its password: %s', async (url) => {
    const error: unknown = await openStore({ url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringMatching(/^connection\.url is /) });
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toContain('hunter2');
  });

  test('is refused with several hosts, of which the driver would take one', async () => {
    const opened = openStore({ url: 'postgres://ann:hunter2@one,two:5433/cluster' });
    await expect(opened).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/^connection\.url is 'postgres:.*several hosts/),
    });
  });

  test('is refused where it is missing', async () => {
    const url = undefined as unknown as string;
    await expect(openStore({ url })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test.each([0, 1.5, 1001, Number.NaN])('is refused with a pool of %s connections', async (poolSize) => {
    const opened = openStore({ url: 'postgres://localhost/cluster', poolSize });
    await expect(opened).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('poolSize'),
    });
  });
});
