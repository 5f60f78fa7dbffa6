import { randomBytes } from 'node:crypto';
import { EngineError, reasonOf } from './errors.js';
import { withMongo } from './mongo/connect.js';
import { withDatabase } from './mongo/urls.js';
import { withConnection } from './mysql/connect.js';
import { withClient } from './postgres/connect.js';

export interface Database {
  readonly name: string;
  readonly url: string;
  /** Deletes the database, also while others are connected to it. May be repeated. */
  drop(): Promise<void>;
}

/** A new, empty database on the server; `prefix` is the readable part of its name. */
export async function createDatabase(serverUrl: string, options: { prefix: string }): Promise<Database> {
  const prefix = options.prefix.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  const name = `${prefix.slice(0, 40)}_${randomBytes(5).toString('hex')}`;
  // MongoDB makes a database with the first document in it.
  if (serverUrl.startsWith('mongodb')) return onMongo(serverUrl, name);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const isMysql = url.protocol === 'mysql:';
  const run = (statement: string) => (isMysql ? runOnMysql(serverUrl, statement) : runOnPostgres(serverUrl, statement));
  await run(`CREATE DATABASE ${name}`).catch((cause) => {
    const advice = `the user needs the ${isMysql ? 'CREATE' : 'CREATEDB'} privilege`;
    throw new EngineError('ENGINE_UNSUITABLE', `Cannot create a database (${reasonOf(cause)}): ${advice}`, cause);
  });
  const drop = () => run(`DROP DATABASE IF EXISTS ${name}${isMysql ? '' : ' WITH (FORCE)'}`);
  return { name, url: url.href, drop };
}

function onMongo(serverUrl: string, name: string): Database {
  const drop = () =>
    withMongo(serverUrl, async (client) => {
      await client.db(name).dropDatabase();
    });
  return { name, url: withDatabase(serverUrl, name), drop };
}

async function runOnPostgres(serverUrl: string, statement: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(statement));
}

async function runOnMysql(serverUrl: string, statement: string): Promise<void> {
  await withConnection(serverUrl, (connection) => connection.query(statement));
}
