import { randomBytes } from 'node:crypto';
import { EngineError, reasonOf } from '../errors.js';
import { withClient } from './connect.js';

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
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    await withClient(serverUrl, (client) => client.query(`CREATE DATABASE "${name}"`));
  } catch (cause) {
    const advice = 'the user needs the CREATEDB privilege';
    throw new EngineError('ENGINE_UNSUITABLE', `Cannot create a database (${reasonOf(cause)}): ${advice}`, cause);
  }
  const drop = async () => {
    await withClient(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  };
  return { name, url: url.href, drop };
}
