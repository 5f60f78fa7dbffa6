import { JobsweepError } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from './dialect.js';

/** What is known about the transactions that operations are called in. */
export class Sessions {
  private readonly readCommitted = new WeakSet<Knex.Transaction>();

  constructor(private readonly dialect: Dialect) {}

  /** Notes a transaction that was begun at READ COMMITTED. */
  began(session: Knex.Transaction): void {
    this.readCommitted.add(session);
  }

  /** Throws `SESSION_NOT_IN_TRANSACTION` unless `session` is an open transaction. */
  requireTransaction(session: Knex.Transaction): void {
    // Without types, or through a cast, people pass the knex instance itself or a transaction that has ended.
    const given = session as Partial<Knex.Transaction> | undefined;
    if (given?.isTransaction === true && given.isCompleted?.() === false) return;
    throw new JobsweepError(
      'SESSION_NOT_IN_TRANSACTION',
      'The session is no open transaction. Call the operation inside knex.transaction(async (trx) => ...) with `trx`, ' +
        'or inside store.transaction(...).',
    );
  }

  /**
   * Throws `ISOLATION_UNSUPPORTED` unless `session` is at READ COMMITTED: at higher levels the second look at the rows
   * would show the same old snapshot as the first. Asks the database once per transaction.
   */
  async requireReadCommitted(session: Knex.Transaction): Promise<void> {
    if (this.readCommitted.has(session)) return;
    const isolation = await this.dialect.isolation(session);
    if (isolation !== 'read committed' && isolation !== 'read uncommitted') {
      throw new JobsweepError(
        'ISOLATION_UNSUPPORTED',
        `The transaction is at ${isolation.toUpperCase()}. Begin it with ` +
          "knex.transaction(work, { isolationLevel: 'read committed' }), or use store.transaction(...).",
      );
    }
    this.readCommitted.add(session);
  }
}
