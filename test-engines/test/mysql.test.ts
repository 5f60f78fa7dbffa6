import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, describeEngine, startEngine } from '../src/index.js';
import { withConnection } from '../src/mysql/connect.js';
import { startEmbedded } from '../src/mysql/embedded.js';
import { MARIADB, MYSQL } from '../src/mysql/flavors.js';
import { isGone } from './support.js';

const query = (url: string, statement: string) =>
  withConnection(url, async (connection) => (await connection.query(statement))[0]);

afterEach(() => vi.unstubAllEnvs());

describe.each([MYSQL, MARIADB])('a $title of our own', (flavor) => {
  const other = flavor === MYSQL ? MARIADB : MYSQL;

  it('starts, answers, and leaves no process and no folder behind', async () => {
    const server = await startEmbedded(flavor, { settings: { 'default-time-zone': '+09:00' } });
    expect(/mariadb/i.test(server.version)).toBe(flavor === MARIADB);
    expect(await query(server.url, 'select @@time_zone as zone')).toEqual([{ zone: '+09:00' }]);
    await Promise.all([server.stop(), server.stop()]);
    expect(await isGone(server)).toBe(true);
  });

  it('syncs what it commits when it must be durable, and not otherwise', async () => {
    for (const durable of [true, false]) {
      const server = await startEmbedded(flavor, { durable });
      const asked = await query(server.url, 'select @@innodb_flush_log_at_trx_commit as flush');
      expect(asked).toEqual([{ flush: durable ? 1 : 0 }]);
      await server.stop();
    }
  });

  it('makes databases, and drops them while others are connected', async () => {
    const server = await startEmbedded(flavor, {});
    const database = await createDatabase(server.url, { prefix: 'Races: release' });
    expect(await query(database.url, 'select database() as name')).toEqual([{ name: database.name }]);
    await withConnection(database.url, () => database.drop());
    await expect(query(database.url, 'select 1')).rejects.toThrow(/unknown database/i);
    await server.stop();
  });

  it('is not used where the environment names another one, which is left running', async () => {
    const server = await startEmbedded(flavor, {});
    vi.stubEnv(flavor.variable, server.url);
    const external = await startEngine(flavor.name);
    expect(external).toMatchObject({ url: server.url, source: flavor.variable, version: server.version });
    expect(await describeEngine(flavor.name)).toBe(`${flavor.title} ${server.version} (${flavor.variable})`);
    await external.stop();

    vi.stubEnv(other.variable, server.url);
    const error: unknown = await startEngine(other.name).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ENGINE_UNSUITABLE', message: expect.stringContaining(other.variable) });
    await server.stop();
  });

  it('that the environment names and that does not answer is said in one line, without the password', async () => {
    vi.stubEnv(flavor.variable, 'mysql://me:hush@127.0.0.1:1/db');
    const error: unknown = await startEngine(flavor.name).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/127\.0\.0\.1:1.*unset/),
    });
    expect(String(error)).not.toMatch(/hush|\n/);
  });
});
