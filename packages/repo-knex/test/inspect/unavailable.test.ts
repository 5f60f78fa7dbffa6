import { startEngine, variableOf } from '@jobsweep/test-engines';
import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knexStore } from '../../src/index.js';

const unavailable = { code: 'SERVER_UNAVAILABLE', retry: 'later' };

/** A store on connections of its own, closed after `work`. */
async function withStore<Result>(
  config: Knex.Config,
  work: (store: ReturnType<typeof knexStore>) => Promise<Result>,
): Promise<Result> {
  const knex = createKnex({ ...config, pool: { min: 0, max: 1 } });
  return work(knexStore(knex)).finally(() => knex.destroy());
}

const write = (store: ReturnType<typeof knexStore>) =>
  store.transaction((trx) => trx.raw('insert into kept values (1)'));

describe.runIf(enginesOfRun().includes('postgres'))('a PostgreSQL that cannot work now', () => {
  const database = freshDatabase('unavailable');
  const roles: string[] = [];
  let admin: pg.Client;
  beforeAll(async () => {
    admin = new pg.Client(database.url);
    await admin.connect();
    await admin.query('create table kept (id int)');
  });
  afterAll(async () => {
    for (const role of roles) await admin.query(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
  });
  /** One that nobody has used: the server frees the place of a connection some time after that was closed. */
  const newRole = async (limit = '') => {
    const role = `limited_${process.pid}_${Date.now()}_${roles.length}`;
    roles.push(role);
    await admin.query(`create role ${role} login password 'limited' ${limit}; grant all on kept to ${role}`);
    return role;
  };
  const configOf = (role: string): Knex.Config => {
    const url = new URL(database.url);
    url.username = role;
    url.password = 'limited';
    return { client: 'pg', connection: url.href };
  };

  test('because it takes no writes tells so before one is tried', async () => {
    const role = await newRole();
    const config = configOf(role);
    await withStore(config, async (store) => expect(await store.inspect.server()).toMatchObject({ isWritable: true }));
    await admin.query(`alter role ${role} set default_transaction_read_only = on`);
    await withStore(config, async (store) => {
      expect(await store.inspect.server()).toMatchObject({ isWritable: false });
      await expect(write(store)).rejects.toMatchObject(unavailable);
    });
    await admin.query(`alter role ${role} reset default_transaction_read_only`);
  });

  test('because it has no connection left is asked again later', async () => {
    const config = configOf(await newRole('connection limit 1'));
    const other = new pg.Client(config.connection as string);
    await other.connect();
    await withStore(config, async (store) => {
      await expect(write(store)).rejects.toMatchObject({ ...unavailable, message: expect.stringMatching(/too many/) });
    });
    await other.end();
  });
});

const mysqls = enginesOfRun().filter((engine) => engine === 'mysql' || engine === 'mariadb');

/** Its settings are changed, so it is no server of the user's, and not the one that the run shares. */
describe.each(mysqls.filter((engine) => !process.env[variableOf(engine)]))('a %s that cannot work now', (engine) => {
  test('because it takes no writes, or has no connection left, tells so', async () => {
    const server = await startEngine(engine);
    const admin = await createConnection({ uri: server.url, multipleStatements: true });
    await admin.query(
      'create database limited; create table limited.kept (id int); ' +
        "create user limited@'%' identified by 'limited' with max_user_connections 1; grant all on limited.* to limited@'%'",
    );
    const { port } = new URL(server.url);
    const connection = {
      host: '127.0.0.1',
      port: Number(port),
      user: 'limited',
      password: 'limited',
      database: 'limited',
    };
    const config = { client: 'mysql2', connection };
    try {
      await withStore(config, async (store) => {
        expect(await store.inspect.server()).toMatchObject({ isWritable: true });
        await admin.query('set global read_only = on');
        expect(await store.inspect.server()).toMatchObject({ isWritable: false });
        await expect(write(store)).rejects.toMatchObject(unavailable);
        await admin.query('set global read_only = off');
        await write(store);
      });
      const other = await createConnection(connection);
      await withStore(config, (store) => expect(write(store)).rejects.toMatchObject(unavailable));
      await other.end();
    } finally {
      await admin.end();
      await server.stop();
    }
  });
});
