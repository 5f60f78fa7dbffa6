import { Deadline, inAttempts, JobsweepError, type TransactionOptions, throwIfAborted } from '@jobsweep/core';
import type { Pool, PoolClient } from 'pg';
import { PgTransaction } from './pg-transaction.js';
import { translateError } from './translate-error.js';

/** How long the statements of one transaction may take and wait, and how often it is tried. */
export interface Bounds {
  readonly statementTimeoutSeconds: number;
  readonly lockTimeoutSeconds: number;
  readonly idleTimeoutSeconds: number;
  readonly maxAttempts: number;
}

/** `CleanupStore.transaction`: tries `work` again after a deadlock, a conflict or a lock timeout. */
export async function runTransaction<Result>(
  pool: Pool,
  bounds: Bounds,
  work: (transaction: PgTransaction) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  return inAttempts(() => once(pool, bounds, work, options), options, bounds);
}

async function once<Result>(
  pool: Pool,
  bounds: Bounds,
  work: (transaction: PgTransaction) => Promise<Result>,
  options: TransactionOptions,
): Promise<Result> {
  const limitSeconds = Math.min(bounds.statementTimeoutSeconds, options.timeoutSeconds ?? Number.POSITIVE_INFINITY);
  const deadline = new Deadline({ limitSeconds, signal: options.signal });
  const client = await connected(pool, deadline);
  // A connection that is lost between two statements would end the process; the next statement says so as well.
  const ignore = () => undefined;
  client.on('error', ignore);
  const transaction = new PgTransaction(client, true, deadline);
  let committing = false;
  let isBroken = false;
  try {
    await deadline.answered(() => client.query(beginning(bounds, options)));
    const result = await deadline.race(work(transaction));
    throwIfAborted(options.signal);
    committing = true;
    const { command } = await deadline.answered(() => client.query('commit'));
    if (command === 'COMMIT') return result;
    // PostgreSQL answers so when a statement had failed and the work went on as if nothing were.
    throw new JobsweepError('DATABASE_ERROR', 'A statement of the transaction had failed, and nothing was committed.');
  } catch (error) {
    await deadline
      .answered(() => client.query('rollback'))
      .catch(() => {
        isBroken = true;
      });
    throw translateError(error, committing);
  } finally {
    deadline.end();
    transaction.end();
    client.off('error', ignore);
    client.release(isBroken);
  }
}

/** A client of the pool. One that comes after the deadline goes back at once. */
async function connected(pool: Pool, deadline: Deadline): Promise<PoolClient> {
  const connecting = pool.connect();
  try {
    return await deadline.answered(() => connecting);
  } catch (error) {
    deadline.end();
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw translateError(error);
  }
}

/** `set local` ends with the transaction: the pool gets its connection back as it was. */
function beginning(bounds: Bounds, options: TransactionOptions): string {
  const { readOnly = false, timeoutSeconds = bounds.statementTimeoutSeconds } = options;
  const { idleTimeoutSeconds = bounds.idleTimeoutSeconds } = options;
  const ms = (seconds: number) => Math.ceil(seconds * 1000);
  return `
    begin isolation level read committed ${readOnly ? 'read only' : 'read write'};
    set local statement_timeout = ${ms(Math.min(bounds.statementTimeoutSeconds, timeoutSeconds))};
    set local lock_timeout = ${ms(bounds.lockTimeoutSeconds)};
    set local idle_in_transaction_session_timeout = ${ms(Math.min(bounds.idleTimeoutSeconds, idleTimeoutSeconds))}`;
}
