import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AdapterModule } from '@jobsweep/core';
import mongoose, { type ClientSession } from 'mongoose';
import { describe, expect, test } from 'vitest';
import { type MongoStoreOptions, openStore } from '../src/index.js';
import { has, useDatabase } from './support/database.js';

/** A server that takes connections and never says a word, and its port. */
async function silentServer(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const { server, port } = await silentServer();
  server.close();
  await once(server, 'close');
  return port;
}

test('is what the command line asks of an adapter', () => {
  const { openStore: open }: AdapterModule<ClientSession, MongoStoreOptions> = { openStore };
  expect(open).toBe(openStore);
});

describe.runIf(has('mongodb'))('a store that is opened by its URL', () => {
  const database = useDatabase('mongodb');

  test('reaches the database, and leaves nothing behind when it is closed', async () => {
    const before = mongoose.connections.length;
    const { store, close } = await openStore({ url: database.url, poolSize: 1 });
    expect(await store.inspect.schema()).toEqual([]);
    expect(await store.transaction((session) => store.repository.getStuckJobs(session, 48))).toEqual([]);
    await close();
    expect(mongoose.connections).toHaveLength(before);
    await expect(store.inspect.schema()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    const asked = store.transaction((session) => store.repository.getStuckJobs(session, 48));
    await expect(asked).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('asks nothing before it is used, tells of a server that cannot be reached, and finds it when it is there', async () => {
    const target = new URL(database.url);
    const port = await closedPort();
    const url = `mongodb://127.0.0.1:${port}${target.pathname}?directConnection=true&serverSelectionTimeoutMS=100`;
    const { store, close } = await openStore({ url });
    for (const _attempt of [1, 2]) {
      await expect(store.inspect.schema()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    }
    const { connect } = await import('node:net');
    const way = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      client.pipe(upstream).pipe(client);
      for (const end of [client, upstream]) end.on('error', () => undefined);
    }).listen(port, '127.0.0.1');
    await once(way, 'listening');
    expect(await store.inspect.schema()).toEqual([]);
    await close();
    way.close();
  });

  test('gives up on a server that takes the connection and says nothing', async () => {
    const { server, port } = await silentServer();
    const { store, close } = await openStore({
      url: `mongodb://127.0.0.1:${port}/cluster?serverSelectionTimeoutMS=200`,
    });
    await expect(store.inspect.schema()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await close();
    server.close();
  });

  test('is made with the options of the adapter', async () => {
    const opened = openStore({ url: database.url }, { maxAttempts: 0 });
    await expect(opened).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('a URL that cannot be', () => {
  test.each([
    'postgres://root:hunter2@db.example/cluster',
    'mongodb:hunter2',
    'hunter2',
    'mongodb://root:hunter2@/cluster',
    'mongodb://root:hunter2/3@db.example/cluster',
    'mongodb://root:hunter2@db.example/cluster?hunter2=1',
    'mongodb://root:hunter2@db.example',
    'mongodb://root:hunter2@db.example/?replicaSet=rs0',
  ])('is refused without a word of its password: %s', async (url) => {
    const error: unknown = await openStore({ url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringMatching(/^connection\.url is /) });
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toContain('hunter2');
  });

  test('is refused where it is missing', async () => {
    const url = undefined as unknown as string;
    await expect(openStore({ url })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test.each([0, 1.5, 1001, Number.NaN])('is refused with a pool of %s connections', async (poolSize) => {
    const opened = openStore({ url: 'mongodb://a:1,b:2/cluster?replicaSet=rs0', poolSize });
    await expect(opened).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('poolSize'),
    });
  });
});
