import { Socket } from 'node:net';
import pg from 'pg';

/** What the demo's own SQL needs of a connection. */
export type Database = Pick<pg.Client, 'query'>;

/**
 * Does some work on a connection of its own. When `signal` fires the connection is cut, at any point of its life, and
 * the promise rejects with the signal's reason.
 */
export async function withConnection<Result>(
  url: string,
  signal: AbortSignal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const socket = new Socket();
  const client = new pg.Client({ connectionString: url, application_name: 'jobsweep-demo', stream: () => socket });
  // A connection that breaks is reported by the statement that was waiting.
  client.on('error', () => undefined);
  try {
    return await unlessAborted(signal, async () => {
      await client.connect();
      const result = await work(client);
      await client.end();
      return result;
    });
  } finally {
    socket.destroy();
  }
}

/** The driver does not settle everything that a cut connection interrupts, so nothing waits for it alone. */
function unlessAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work()
      .then(resolve, (error: Error) => reject(signal.aborted ? (signal.reason as Error) : error))
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The only row of a query that always gives one. */
export async function oneRow<Row extends pg.QueryResultRow>(
  database: Database,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row> {
  const { rows } = await database.query<Row>(text, [...values]);
  const [row] = rows;
  if (row === undefined) throw new Error(`No row from: ${text}`);
  return row;
}

/** The database's time, some hours ago: to the microsecond, as text that PostgreSQL reads back unchanged. */
export async function databaseTime(database: Database, hoursAgo = 0): Promise<string> {
  const text = `SELECT to_char((clock_timestamp() - make_interval(hours => $1)) AT TIME ZONE 'UTC', $2) AS time`;
  return (await oneRow<{ time: string }>(database, text, [hoursAgo, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'])).time;
}
