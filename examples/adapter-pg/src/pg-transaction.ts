import { type Deadline, JobsweepError } from '@jobsweep/core';
import type { ClientBase } from 'pg';
import { translateError } from './translate-error.js';

/**
 * An open transaction on a client of `pg`, which has no handle of its own for one.
 *
 * @example
 * await client.query('begin isolation level read committed');
 * await repository.markJobsAsFailed(new PgTransaction(client), jobs, 'Ran for two days');
 * await client.query('commit');
 */
export class PgTransaction {
  /** @param deadline of a transaction of the store; the caller of any other one waits as long as it likes. */
  constructor(
    readonly client: ClientBase,
    private readonly deadline?: Deadline,
  ) {}

  /** Runs one statement and gives its rows. */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    requireOpen(this);
    const ask = () => this.client.query<Row>(text, [...values]);
    try {
      return (await (this.deadline?.answered(ask) ?? ask())).rows;
    } catch (error) {
      throw translateError(error);
    }
  }

  /** Whether the server says that the client is in a transaction: an open one, or one in which a statement failed. */
  get isOpen(): boolean {
    // One of the store has an end, after which the client is somebody else's.
    if (this.deadline?.hasEnded === true) return false;
    return ['T', 'E'].includes(this.client.getTransactionStatus() ?? '');
  }
}

/** Throws `SESSION_NOT_IN_TRANSACTION` for what is no open transaction: without types, people pass anything. */
export function requireOpen(session: unknown): void {
  if (session instanceof PgTransaction && session.isOpen) return;
  const message = 'The session is no open transaction. Begin one at READ COMMITTED, or use store.transaction(...).';
  throw new JobsweepError('SESSION_NOT_IN_TRANSACTION', message);
}
