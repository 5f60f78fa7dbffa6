import { JobsweepError, type TransactionSteps } from '@jobsweep/core';
import type { Pool, PoolClient } from 'pg';
import { PgTransaction } from './pg-transaction.js';
import { translateError } from './translate-error.js';

/** How `pg` runs a transaction. `set local` ends with it: the pool gets its connection back as it was. */
export const stepsOn = (pool: Pool): TransactionSteps<PoolClient, PgTransaction> => ({
  take: () => pool.connect(),
  async begin(client, bounds, deadline) {
    // A connection that is lost between two statements would end the process; the next statement says so as well.
    client.on('error', ignore);
    await client.query(`
      begin isolation level read committed ${bounds.readOnly ? 'read only' : 'read write'};
      set local statement_timeout = ${milliseconds(bounds.statementTimeoutSeconds)};
      set local lock_timeout = ${milliseconds(bounds.lockTimeoutSeconds)};
      set local idle_in_transaction_session_timeout = ${milliseconds(bounds.idleTimeoutSeconds)}`);
    return new PgTransaction(client, deadline);
  },
  async commit(client) {
    const { command } = await client.query('commit');
    if (command === 'COMMIT') return;
    // PostgreSQL answers so when a statement had failed and the work went on as if nothing were.
    throw new JobsweepError('DATABASE_ERROR', 'A statement of the transaction had failed, and nothing was committed.');
  },
  rollback: (client) => client.query('rollback'),
  release(client, isBroken) {
    client.off('error', ignore);
    client.release(isBroken);
  },
  translate: translateError,
});

const ignore = (): void => undefined;
const milliseconds = (seconds: number): number => Math.ceil(seconds * 1000);
