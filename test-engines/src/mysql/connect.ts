import { type Connection, createConnection } from 'mysql2/promise';

const CONNECT_MS = 10_000;

/** Does some work on a connection of its own. */
export async function withConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url, connectTimeout: CONNECT_MS });
  // A server that stops under us must not end the process; the query that was waiting reports it.
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await connection.end().catch(() => connection.destroy());
  }
}

/** As the server says it: `9.7.4`, `10.11.18-MariaDB-...`. */
export async function serverVersion(url: string): Promise<string> {
  return withConnection(url, async (connection) => {
    const [rows] = await connection.query('select version() as version');
    return String((rows as { version: string }[])[0]?.version ?? 'unknown');
  });
}
