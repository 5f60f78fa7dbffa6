import type { DatabaseName } from '../adapters/pairs.js';
import type { ClusterDatabase, Connection } from './database.js';
import { connectMongo } from './mongodb.js';
import { connectMysql } from './mysql.js';
import { connectPostgres } from './postgres.js';

const CONNECT: Readonly<Record<DatabaseName, (url: string) => Connection>> = {
  postgres: connectPostgres,
  mysql: connectMysql,
  mariadb: connectMysql,
  mongodb: connectMongo,
};

/** A connection that is still to be opened. */
export function connect(kind: DatabaseName, url: string): Connection {
  return CONNECT[kind](url);
}

/**
 * Does some work on a connection of its own. When `signal` fires the connection is cut, at any point of its life, and
 * the promise rejects with the signal's reason.
 */
export async function withDatabase<Result>(
  kind: DatabaseName,
  url: string,
  signal: AbortSignal,
  work: (database: ClusterDatabase) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const connection = connect(kind, url);
  try {
    return await unlessAborted(signal, async () => {
      const result = await work(await connection.open());
      await connection.close();
      return result;
    });
  } finally {
    connection.cut();
  }
}

/** Drivers do not settle everything that a cut connection interrupts, so nothing waits for them alone. */
function unlessAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work()
      .then(resolve, (error: Error) => reject(signal.aborted ? (signal.reason as Error) : error))
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
