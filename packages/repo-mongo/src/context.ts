import type { Connection } from 'mongoose';
import { type Mapping, mappingOf } from './mapping/mapping.js';
import { type MongoStoreOptions, type Settings, settingsOf } from './options.js';
import { Collations } from './session/collations.js';
import { type Opened, Server } from './session/server.js';
import { Sessions } from './session/sessions.js';

/** What a repository and the transactions of its store share. */
export interface MongoContext {
  readonly connection: Connection;
  readonly opened: Opened;
  readonly mapping: Mapping;
  readonly sessions: Sessions;
  readonly settings: Settings;
}

/**
 * Throws `INVALID_OPTION` and `INVALID_SCHEMA` for options that make no sense.
 *
 * @param opened default: whoever made the connection opens it.
 */
export function mongoContext(
  connection: Connection,
  options: MongoStoreOptions,
  opened: Opened = () => connection.asPromise(),
): MongoContext {
  const settings = settingsOf(options);
  const mapping = mappingOf(connection, options);
  const server = new Server(connection, opened, settings.statementTimeoutMs, options.clock);
  const collations = new Collations(connection, settings.statementTimeoutMs);
  const collections = [mapping.jobs, mapping.allocations].flatMap((mapped) => mapped?.collection ?? []);
  const sessions = new Sessions(connection, server, collations, collections, settings);
  return { connection, opened, mapping, settings, sessions };
}
