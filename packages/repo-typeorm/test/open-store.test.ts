import type { AdapterModule } from '@jobsweep/core';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import type { EntityManager } from 'typeorm';
import { describe, expect, test } from 'vitest';
import { type OpenStoreOptions, openStore } from '../src/index.js';

test('is what the command line asks of an adapter', () => {
  const { openStore: open }: AdapterModule<EntityManager, OpenStoreOptions> = { openStore };
  expect(open).toBe(openStore);
});

describe.each(enginesOfRun())('a store that is opened by the URL of %s', (engine) => {
  const database = freshDatabase('open-store', engine);
  const schemes = engine === 'postgres' ? ['postgres', 'postgresql'] : ['mysql', 'mariadb'];

  test.each(schemes)('reaches the database by %s://, and nothing once it is closed', async (scheme) => {
    const { store, close } = await openStore({ url: database.url.replace(/^\w+/, scheme), poolSize: 1 });
    const findings = await Promise.all([store.inspect.schema(), store.inspect.schema()]);
    expect(findings.map(([finding]) => finding?.path)).toEqual(['schema.jobs.table', 'schema.jobs.table']);
    await close();
    await close();
    await expect(store.inspect.schema()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('reads whole numbers beyond 2^53 exactly', async () => {
    const { store, close } = await openStore({ url: database.url });
    const query = engine === 'postgres' ? 'select 9007199254740993::bigint as n' : 'select 9007199254740993 as n';
    const rows = await store.transaction((manager) => manager.query<{ n: unknown }[]>(query));
    expect(rows[0]?.n).toBe('9007199254740993');
    await close();
  });

  test('asks nothing of a server before it is used, and each time anew of one that cannot be reached', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const { store, close } = await openStore({ url: url.href });
    for (const _attempt of [1, 2]) {
      await expect(store.inspect.schema()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    }
    await close();
  });
});

test('a URL of another database is refused without a word of its password', async () => {
  const error: unknown = await openStore({ url: 'mongodb://root:hunter2@db.example/x' }).catch((each: unknown) => each);
  expect(error).toMatchObject({ code: 'INVALID_OPTION' });
  expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
});

test('entities are refused, since the data source knows none', async () => {
  const options = { entities: { jobs: 'Job' } } as OpenStoreOptions;
  const opened = openStore({ url: 'postgres://localhost/cluster' }, options);
  await expect(opened).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining('entities') });
});
