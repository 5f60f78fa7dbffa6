import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosenEngines } from '../src/engines.js';
import { type EngineName, startOwnEngine } from '../src/index.js';
import { withMongo } from '../src/mongo/connect.js';
import { withConnection } from '../src/mysql/connect.js';
import { poll } from '../src/waiting.js';
import { query } from './query.js';
import { hold, isAlive, isGone } from './support.js';

/** One row, written and read, with the driver of each engine. */
const NOTES: Partial<
  Record<EngineName, { write: (url: string) => Promise<unknown>; read: (url: string) => Promise<unknown> }>
> = {
  postgres: {
    write: (url) => query(url, "create table notes as select 'kept' as word"),
    read: (url) => query(url, 'select word from notes'),
  },
  ...Object.fromEntries(
    (['mysql', 'mariadb'] as const).map((name) => [
      name,
      {
        write: (url: string) => withConnection(url, (sql) => sql.query("create table notes as select 'kept' as word")),
        read: async (url: string) => withConnection(url, async (sql) => (await sql.query('select word from notes'))[0]),
      },
    ]),
  ),
  mongodb: {
    write: (url) => withMongo(url, (client) => client.db('own').collection('notes').insertOne({ word: 'kept' })),
    read: (url) =>
      withMongo(url, (client) =>
        client
          .db('own')
          .collection('notes')
          .find({}, { projection: { _id: 0 } })
          .toArray(),
      ),
  },
};

describe.each(Object.entries(NOTES).filter(([name]) => chosenEngines().includes(name as EngineName)))(
  'a %s that is killed',
  (name, { write, read }) => {
    it('has its data when it is started again, on the same address, and leaves nothing behind', async () => {
      const server = await startOwnEngine(name as EngineName, { durable: true });
      await write(server.url);
      const killed = server.pid;
      await server.kill();
      expect(isAlive(killed)).toBe(false);
      expect(existsSync(server.dataDir)).toBe(true);
      await server.restart();
      expect(server.pid).not.toBe(killed);
      expect(await read(server.url)).toEqual([{ word: 'kept' }]);
      await server.stop();
      expect(await isGone(server)).toBe(true);
    });
  },
);

it('a killed server goes with the process that killed it', async () => {
  const { holder, held } = await hold({}, 'kill');
  expect(await poll(() => (isAlive(held.pid) ? undefined : true), { timeoutMs: 15_000 })).toBe(true);
  holder.kill('SIGKILL');
  expect(await isGone(held)).toBe(true);
});

it('a server begins with a copy of the data of another one, with more files', async () => {
  const first = await startOwnEngine('postgres', { durable: true });
  await query(first.url, "create table notes as select 'kept' as word");
  await first.kill();
  const second = await startOwnEngine('postgres', { copyOf: first.dataDir, files: { 'standby.signal': '' } });
  expect(await query(second.url, 'select word, pg_is_in_recovery() as standby from notes')).toEqual([
    { word: 'kept', standby: true },
  ]);
  await Promise.all([first.stop(), second.stop()]);
  expect(existsSync(join(dirname(second.dataDir), 'server.log'))).toBe(false);
});
