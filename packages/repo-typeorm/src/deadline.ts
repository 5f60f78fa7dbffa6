import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';

/** How long the server may take to end a statement that it was told to end. */
const KILL_MS = 1000;

/**
 * Ends a statement of MySQL or MariaDB that runs for longer than `timeoutMs`, from another connection of the pool.
 * Where that does not help in time, the statement's own connection is given up, and the transaction with it.
 */
export async function withDeadline<Result>(
  dataSource: DataSource,
  runner: QueryRunner,
  running: Promise<Result>,
  timeoutMs: number,
): Promise<Result> {
  if (await settlesWithin([running], timeoutMs)) return running;
  const connection = (await runner.connect()) as PooledConnection;
  // The next statement waits for it too: it would be the one that is killed.
  const killing = dataSource.query(`KILL QUERY ${connection.threadId}`);
  if (await settlesWithin([running, killing], KILL_MS)) return running;
  connection.destroy();
  throw new Error(`query timeout of ${timeoutMs}ms exceeded`);
}

/** Ends a statement from another connection of the pool when `signal` fires. */
export async function endedBy<Result>(
  signal: AbortSignal | undefined,
  dataSource: DataSource,
  runner: QueryRunner,
  running: Promise<Result>,
): Promise<Result> {
  const { threadId, processID } = (await runner.connect()) as Partial<PooledConnection>;
  const ending = threadId === undefined ? `SELECT pg_cancel_backend(${processID})` : `KILL QUERY ${threadId}`;
  const end = () => void dataSource.query(ending).catch(() => undefined);
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  return running.finally(() => signal?.removeEventListener('abort', end));
}

/** What a connection of `mysql2`'s pool has, and what one of `pg`'s. */
interface PooledConnection {
  readonly threadId: number;
  readonly processID: number;
  destroy(): void;
}

async function settlesWithin(promises: readonly Promise<unknown>[], ms: number): Promise<boolean> {
  const patience = new AbortController();
  const tooLong = delay(ms, false, { signal: patience.signal }).catch(() => false);
  const settled = Promise.allSettled(promises).then(() => true);
  return Promise.race([settled, tooLong]).finally(() => patience.abort());
}
