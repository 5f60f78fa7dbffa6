import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import pg from 'pg';

const CONNECT_MS = 10_000;

/** Does some work on a connection of its own, which ends at once when `signal` fires. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const stream = () => (signal === undefined ? new Socket() : addAbortSignal(signal, new Socket()));
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, stream });
  // A server that stops under us must not end the process; the query that was waiting reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function serverVersion(url: string, signal?: AbortSignal): Promise<string> {
  const ask = async (client: pg.Client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  };
  return withClient(url, ask, signal);
}
