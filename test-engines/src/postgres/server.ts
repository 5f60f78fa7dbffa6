import { postgresBinaries } from './binaries.js';
import { startEmbedded } from './embedded.js';
import { useExternal } from './external.js';

export interface PostgresOptions {
  /** Keep fsync on, as a production server does. Off by default: tests need speed, not durability. */
  readonly durable?: boolean;
  /** Leave the server running when this process ends. By default it ends too, even when this process is killed. */
  readonly keep?: boolean;
  /** Server settings, such as `{ timezone: 'Asia/Tokyo' }`. A server that PG_URL names does not get them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined;
}

export interface PostgresServer {
  /** Connects as a user who may create databases. */
  readonly url: string;
  /** As the server says it: `18.4`. */
  readonly version: string;
  readonly source: 'PG_URL' | 'embedded';
  /** The server's main process; only of a server that was started. */
  readonly pid?: number;
  /** Only of a server that was started. */
  readonly dataDir?: string;
  /** Ends a server that was started and deletes its data; does nothing to one that PG_URL names. May be repeated. */
  stop(): Promise<void>;
}

/** The PostgreSQL to work with: the one that PG_URL names, else a new one of our own. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const url = process.env.PG_URL;
  return url ? useExternal(url) : startEmbedded(options);
}

/** Names the PostgreSQL that `startPostgres` would give, or throws the error that it would throw, without a start. */
export async function describePostgres(): Promise<string> {
  const url = process.env.PG_URL;
  if (url) return `PostgreSQL ${(await useExternal(url)).version} (PG_URL)`;
  return `PostgreSQL ${(await postgresBinaries()).release.replace(/\.0-beta.*/, '')} (embedded)`;
}
