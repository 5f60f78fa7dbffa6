import { JobsweepError } from '@jobsweep/core';
import type { Dialect } from './dialect.js';
import { type Sql, sql } from './driver/sql.js';
import type { SqlLibrary, SqlSession } from './library.js';
import type { OwnTransaction } from './own-transaction.js';

/** Why nobody knows at which level a transaction is. See `transactionIsolation`. */
const NOT_TOLD: Readonly<Record<string, string>> = {
  untold:
    'The server does not tell this user the isolation level of the transaction: MySQL and MariaDB want the PROCESS ' +
    'privilege for that. Grant it, or use store.transaction(...).',
  unseen:
    'The server does not show the isolation level of the transaction: its list of transactions, ' +
    'information_schema.innodb_trx, stays as it was while others ask for it ten times a second. Ask less often, or use ' +
    'store.transaction(...).',
};

/** What is known about the transactions that operations are called in. */
export class Sessions<Session extends object> {
  private readonly readCommitted = new WeakSet<object>();
  private readonly own = new WeakMap<Session, OwnTransaction<Session>>();
  private readonly failed = new WeakSet<Session>();

  constructor(
    private readonly library: SqlLibrary<Session>,
    private readonly dialect: Dialect,
  ) {}

  /** Notes a transaction of the store. */
  opened(session: Session, own: OwnTransaction<Session>): void {
    this.own.set(session, own);
  }

  /** Throws `DATABASE_ERROR` in a transaction that only reads, which not every server keeps from writing. */
  requireWritable(session: Session): void {
    if (this.own.get(session)?.isReadOnly !== true) return;
    throw new JobsweepError('DATABASE_ERROR', 'The transaction is a read-only transaction. Write in one that is not.');
  }

  /** The open transaction behind a handle. Throws `SESSION_NOT_IN_TRANSACTION` where there is none. */
  open(session: Session): SqlSession {
    const own = this.own.get(session);
    const open = own?.isOver === true ? undefined : this.library.open(session);
    if (open === undefined) {
      throw new JobsweepError(
        'SESSION_NOT_IN_TRANSACTION',
        `The session is no open transaction. ${this.library.howToBegin}, or use store.transaction(...).`,
      );
    }
    const noted = async <Rows>(ask: () => Promise<Rows>) => {
      try {
        return await ask();
      } catch (error) {
        if (!this.dialect.undidItselfAlone(error)) this.failed.add(session);
        throw error;
      }
    };
    const asked = <Rows>(ask: () => Promise<Rows>) => noted(() => (own === undefined ? ask() : own.statement(ask)));
    return {
      transaction: open.transaction,
      run: (statement) => asked(() => open.run(statement)),
      look: own && ((statement) => noted(() => own.look(statement, () => open.run(statement)))),
      change: (statement) => asked(() => open.change(statement)),
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
   * Throws `ISOLATION_UNSUPPORTED` unless a transaction is at READ COMMITTED: at higher levels the second look at the rows
   * would show the same old snapshot as the first, and at a lower one what may never be committed. Asked once a transaction
   * where one can be told from the next.
   *
   * @param touch reads something of a table.
   */
  async requireReadCommitted(session: Session, open: SqlSession, touch: Sql): Promise<void> {
    const { transaction } = open;
    if (this.own.has(session) || (transaction !== undefined && this.readCommitted.has(transaction))) return;
    await this.dialect.meet(open);
    const isolation = await this.dialect.isolation(open, touch);
    if (isolation === 'read committed') {
      if (transaction !== undefined) this.readCommitted.add(transaction);
      return;
    }
    const howElse = `${this.library.howToBegin}, or use store.transaction(...).`;
    const message = NOT_TOLD[isolation] ?? `The transaction is at ${isolation.toUpperCase()}. ${howElse}`;
    throw new JobsweepError('ISOLATION_UNSUPPORTED', message);
  }

  /** The database's clock in microseconds since 1970: in a transaction of the store as it was when somebody asked first. */
  async now(session: Session, open: SqlSession): Promise<bigint> {
    return this.own.get(session)?.now() ?? this.clock(open);
  }

  /** Where the store has a transaction that has not begun, begins it. */
  async begin(session: Session): Promise<void> {
    await this.own.get(session)?.begin();
  }

  /** The same, just now. */
  async clock({ run }: Pick<SqlSession, 'run'>): Promise<bigint> {
    const [row] = await run(sql`select ${this.dialect.words.now} as now`);
    return BigInt(row?.now ?? 0);
  }
}
