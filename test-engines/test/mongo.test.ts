import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, describeEngine, startEngine } from '../src/index.js';
import { withMongo } from '../src/mongo/connect.js';
import { startEmbedded } from '../src/mongo/embedded.js';
import { REPLICA_SET, STANDALONE } from '../src/mongo/topologies.js';
import { withDatabase } from '../src/mongo/urls.js';
import { isGone } from './support.js';

afterEach(() => vi.unstubAllEnvs());

describe.each([REPLICA_SET, STANDALONE])('a MongoDB of our own, $title', (topology) => {
  const other = topology === REPLICA_SET ? STANDALONE : REPLICA_SET;

  it('starts, is what was asked for, and leaves no process and no folder behind', async () => {
    const server = await startEmbedded(topology, {});
    const { setName } = await withMongo(server.url, (client) => client.db('admin').command({ hello: 1 }));
    expect(setName !== undefined).toBe(topology === REPLICA_SET);
    await Promise.all([server.stop(), server.stop()]);
    expect(await isGone(server)).toBe(true);
  });

  it('is not used where the environment names another one, which is left running', async () => {
    const server = await startEmbedded(topology, { durable: true });
    vi.stubEnv(topology.variable, server.url);
    const external = await startEngine(topology.name);
    expect(external).toMatchObject({ url: server.url, source: topology.variable, version: server.version });
    const described = `${server.version} (${topology.title}, ${topology.variable})`;
    expect(await describeEngine(topology.name)).toBe(described);
    await external.stop();

    vi.stubEnv(other.variable, server.url);
    const error: unknown = await startEngine(other.name).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ENGINE_UNSUITABLE', message: expect.stringContaining(other.variable) });
    await server.stop();
  });
});

describe('a replica set of our own', () => {
  it('has transactions, and databases that are dropped while others are connected', async () => {
    const server = await startEmbedded(REPLICA_SET, {});
    const database = await createDatabase(server.url, { prefix: 'Races: release' });
    expect(database.name).toMatch(/^races_release_[0-9a-f]{10}$/);
    await withMongo(database.url, async (client) => {
      const rows = client.db().collection<{ _id: number }>('rows');
      await client.withSession((session) =>
        session.withTransaction(() => rows.insertMany([{ _id: 1 }, { _id: 2 }], { session })),
      );
      expect(rows.dbName).toBe(database.name);
      expect(await rows.countDocuments()).toBe(2);
      await database.drop();
      expect(await rows.countDocuments()).toBe(0);
    });
    await server.stop();
  });

  it('says why it did not start', async () => {
    const start = startEmbedded(REPLICA_SET, { settings: { no_such_setting: '1' } });
    await expect(start).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringMatching(/no_such_setting/),
    });
  });

  it('gives up the start when the signal says so', async () => {
    const [reason, running] = [new Error('enough'), new AbortController()];
    const start = startEmbedded(REPLICA_SET, { signal: running.signal });
    setImmediate(() => running.abort(reason));
    await expect(start).rejects.toBe(reason);
  });
});

describe('MONGO_URL', () => {
  it('that does not answer is said in one line, without the password', async () => {
    vi.stubEnv('MONGO_URL', 'mongodb://me:hush@127.0.0.1:1/db');
    const error: unknown = await startEngine('mongodb').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/127\.0\.0\.1:1.*unset/),
    });
    expect(String(error)).not.toMatch(/hush|\n/);
  });

  it('that is no URL is not repeated, since it may hold a password', async () => {
    vi.stubEnv('MONGO_URL', 'host=db password=hush');
    const error: unknown = await startEngine('mongodb').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    expect(String(error)).not.toContain('hush');
  });

  it('keeps its hosts, its options and the place of its user when the database is another', () => {
    const several = 'mongodb://me:hush@a:1,b:2/?replicaSet=rs';
    expect(withDatabase(several, 'x')).toBe('mongodb://me:hush@a:1,b:2/x?replicaSet=rs&authSource=admin');
    expect(withDatabase('mongodb://me:hush@a:1/users', 'x')).toBe('mongodb://me:hush@a:1/x?authSource=users');
    expect(withDatabase('mongodb://a:1/?authSource=u', 'x')).toBe('mongodb://a:1/x?authSource=u');
  });
});
