import { type ConnectionOptions, invalidOption } from '@jobsweep/core';

/** What `openStore` of an adapter was asked for, understood. */
export interface SqlConnection {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  /** As its driver takes it: `postgres://...` or `mysql://...`. */
  readonly url: string;
  readonly poolSize: number;
}

/** How long a server may take to answer a connection. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** What `mysql2` is told so that it reads no number as another one and no time in the zone of this process. */
export const MYSQL_DRIVER_OPTIONS = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  supportBigNumbers: true,
  bigNumberStrings: true,
  timezone: 'Z',
} as const;

/** What `pg` is told. Parameters of the URL go before it. */
export const PG_DRIVER_OPTIONS = {
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  application_name: 'jobsweep',
  keepAlive: true,
} as const;

const ENGINES: Readonly<Record<string, SqlConnection['engine']>> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mariadb',
};

const DEFAULT_POOL_SIZE = 5;
const MAX_POOL_SIZE = 1000;

/**
 * Tells the database by the scheme of the URL. Throws `INVALID_OPTION` for another one, for what is no URL and for a
 * `poolSize` out of range; nothing of the URL but its scheme is in the message, and no cause.
 */
export function sqlConnection({ url, poolSize = DEFAULT_POOL_SIZE }: ConnectionOptions): SqlConnection {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? [];
  const engine = ENGINES[scheme?.toLowerCase() ?? ''];
  const shown = scheme === undefined ? typeof url : `${scheme}://...`;
  if (engine === undefined) {
    throw invalidOption('connection.url', shown, 'give a URL of postgres://, mysql:// or mariadb://');
  }
  if (engine === 'postgres' && /^[^/]*\/\/([^/?#]*@)?[^/?#@]*,/.test(url)) {
    const fix = 'it has several hosts, and the driver takes one: name one address that leads to the primary';
    throw invalidOption('connection.url', shown, fix);
  }
  if (!URL.canParse(url)) {
    const fix =
      'it cannot be read; percent-encode characters such as @ : / ? # in the user, the password and the database';
    throw invalidOption('connection.url', shown, fix);
  }
  if (!Number.isInteger(poolSize) || poolSize < 1 || poolSize > MAX_POOL_SIZE) {
    throw invalidOption('connection.poolSize', poolSize, `give a whole number from 1 to ${MAX_POOL_SIZE}`);
  }
  return { engine, url: engine === 'postgres' ? url : url.replace(/^\w+:/, 'mysql:'), poolSize };
}
