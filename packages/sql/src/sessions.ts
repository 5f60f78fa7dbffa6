import { JobsweepError } from '@jobsweep/core';
import type { Dialect } from './dialect.js';
import type { Lease } from './lease.js';
import type { SqlLibrary, SqlSession, Statement } from './library.js';

/** What is known about the transactions that operations are called in. */
export class Sessions<Session extends object> {
  private readonly readCommitted = new WeakSet<Session>();
  private readonly leases = new WeakMap<Session, Lease<Session>>();
  private readonly failed = new WeakSet<Session>();

  constructor(
    private readonly library: SqlLibrary<Session>,
    private readonly dialect: Dialect,
  ) {}

  /** Notes a transaction that the store began at READ COMMITTED: its statements have the deadline of its lease. */
  began(session: Session, lease: Lease<Session>): void {
    this.readCommitted.add(session);
    this.leases.set(session, lease);
  }

  /** The open transaction behind a handle. Throws `SESSION_NOT_IN_TRANSACTION` where there is none. */
  open(session: Session): SqlSession {
    const open = this.library.open(session);
    if (open === undefined) {
      throw new JobsweepError(
        'SESSION_NOT_IN_TRANSACTION',
        `The session is no open transaction. ${this.library.howToBegin}, or use store.transaction(...).`,
      );
    }
    const lease = this.leases.get(session);
    return {
      build: open.build,
      rows: async <Row>(statement: Statement) => {
        try {
          const ask = () => open.rows<Row>(statement);
          return await (lease === undefined ? ask() : lease.statement(ask));
        } catch (error) {
          this.failed.add(session);
          throw error;
        }
      },
    };
  }

  /**
   * Throws `DATABASE_ERROR` where a statement had failed and the work went on. The server may have undone what was
   * written before it, and on MySQL and MariaDB also ended the transaction: nobody knows what a commit would keep.
   */
  requireWhole(session: Session): void {
    if (!this.failed.has(session)) return;
    const message =
      'A statement had failed and the work went on without it. Nothing is committed; let the error through.';
    throw new JobsweepError('DATABASE_ERROR', message);
  }

  /**
   * Throws `ISOLATION_UNSUPPORTED` unless `session` is at READ COMMITTED: at higher levels the second look at the rows
   * would show the same old snapshot as the first. Asks the database once per transaction.
   *
   * @param touch reads something of a table.
   */
  async requireReadCommitted(session: Session, open: SqlSession, touch: Statement): Promise<void> {
    if (this.readCommitted.has(session)) return;
    const isolation = await this.dialect.isolation(open, touch);
    if (isolation === 'unknown') {
      throw new JobsweepError(
        'ISOLATION_UNSUPPORTED',
        'The server does not tell this user the isolation level of the transaction: MySQL and MariaDB want the ' +
          'PROCESS privilege for that. Grant it, or use store.transaction(...).',
      );
    }
    if (isolation !== 'read committed' && isolation !== 'read uncommitted') {
      throw new JobsweepError(
        'ISOLATION_UNSUPPORTED',
        `The transaction is at ${isolation.toUpperCase()}. ${this.library.howToBegin}, or use store.transaction(...).`,
      );
    }
    this.readCommitted.add(session);
  }
}
