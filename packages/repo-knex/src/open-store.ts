import type { ConnectionOptions, OpenedStore } from '@jobsweep/core';
import {
  CONNECT_TIMEOUT_MS,
  MYSQL_DRIVER_OPTIONS,
  PG_DRIVER_OPTIONS,
  type SqlConnection,
  sqlConnection,
  type Wire,
  wireOf,
} from '@jobsweep/sql';
import createKnex, { type Knex } from 'knex';
import { knexStore } from './knex-store.js';
import type { KnexStoreOptions } from './options.js';

/**
 * A `CleanupStore` on a knex instance of its own: `postgres://` through `pg`, `mysql://` and `mariadb://` through
 * `mysql2`. Connections are opened when they are needed, and closed when they are not, so whether the server can be
 * reached shows with the first statement.
 *
 * Throws `INVALID_OPTION` for the URL of another database, without repeating it, and whatever `knexStore` throws.
 *
 * @example
 * const { store, close } = await openStore({ url: 'postgres://localhost/cluster' });
 * console.log(await store.inspect.schema());
 * await close();
 */
export async function openStore(
  connection: ConnectionOptions,
  options: KnexStoreOptions = {},
): Promise<OpenedStore<Knex.Transaction>> {
  const target = sqlConnection(connection);
  const knex = createKnex(configOf(target));
  endSoon(knex, wireOf(target));
  try {
    return { store: knexStore(knex, options), close: () => knex.destroy() };
  } catch (error) {
    await knex.destroy();
    throw error;
  }
}

function configOf({ engine, url, poolSize }: SqlConnection): Knex.Config {
  const shared = { pool: { min: 0, max: poolSize, createTimeoutMillis: CONNECT_TIMEOUT_MS }, log: silent };
  if (engine === 'postgres') {
    return { ...shared, client: 'pg', connection: { connectionString: url, ...PG_DRIVER_OPTIONS } };
  }
  // Knex's types know no `uri`; `mysql2` reads the user, the password, TLS and the rest from it.
  const mysql: object = { uri: url, ...MYSQL_DRIVER_OPTIONS };
  // By itself knex asks its first connection for the version, and every other one waits for that answer.
  return { ...shared, client: 'mysql2', connection: mysql, version: 'latest' };
}

/** How long a server may take to say goodbye to a connection. */
const GOODBYE_MS = 1000;

/** Ends connections without a goodbye where the server has none: neither a closed store nor its process waits for it. */
function endSoon(knex: Knex, wire: Wire): void {
  const client = knex.client as { destroyRawConnection(raw: object): Promise<unknown> };
  const end = client.destroyRawConnection.bind(client);
  client.destroyRawConnection = async (raw) => {
    const patience = setTimeout(() => wire.destroy(raw), GOODBYE_MS);
    await end(raw).finally(() => clearTimeout(patience));
  };
}

const nothing = () => undefined;

/** Knex writes errors to the console that it also rejects with. */
const silent: Knex.Logger = { debug: nothing, warn: nothing, error: nothing, deprecate: nothing };
