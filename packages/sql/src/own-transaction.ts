import { JobsweepError } from '@jobsweep/core';
import type { BoundsOfTransaction, BoundTransaction, Dialect, Looks } from './dialect.js';
import type { Sql } from './driver/sql.js';
import type { Lease } from './lease.js';
import type { RawRows } from './library.js';

/**
 * A transaction of the store. It begins with the first statement that needs it: at READ COMMITTED a SELECT sees what was
 * committed when it began, with a transaction around it or without, and what finds nothing to do is such a SELECT.
 */
export class OwnTransaction<Session extends object> {
  /** Nothing runs on its session any more. */
  isOver = false;
  private beginning: Promise<BoundTransaction> | undefined;
  private looking: Promise<Looks> | undefined;

  constructor(
    private readonly dialect: Dialect,
    private readonly lease: Lease<Session>,
    private readonly bounds: BoundsOfTransaction,
  ) {}

  get isReadOnly(): boolean {
    return this.bounds.readOnly;
  }

  get hasBegun(): boolean {
    return this.beginning !== undefined;
  }

  /** Begins it, unless it has begun. Rejects with `SESSION_NOT_IN_TRANSACTION` where its connection is another one's by now. */
  async begin(): Promise<BoundTransaction> {
    if (this.isOver) {
      const message = 'The work of the transaction is over. Wait within it for all that it asks of the database.';
      throw new JobsweepError('SESSION_NOT_IN_TRANSACTION', message);
    }
    this.beginning ??= this.lease.begin(async (control) => {
      const begun = await this.dialect.begin(control, this.bounds, this.lease.raw);
      this.lease.limits = begun;
      return begun;
    });
    return this.beginning;
  }

  /** The database's clock in microseconds since 1970, read once. */
  async now(): Promise<bigint> {
    return (await (this.looking ?? this.beginning ?? this.looks())).now;
  }

  /** Runs a SELECT: by itself, as long as nothing has begun the transaction and the server lets it. */
  async look(statement: Sql, inTransaction: () => Promise<RawRows>): Promise<RawRows> {
    const { read } = this.hasBegun ? {} : await this.looks();
    if (read === undefined || this.hasBegun) return this.statement(inTransaction);
    return read(statement);
  }

  /** Runs a statement in the transaction. */
  async statement<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    await this.begin();
    return this.lease.statement(ask);
  }

  /** To be called before the transaction ends. See `BoundTransaction.restore`. */
  async restore(): Promise<void> {
    await (await this.beginning)?.restore();
  }

  private looks(): Promise<Looks> {
    this.looking ??= this.lease.control().then(async (control) => {
      const looks = await this.dialect.look(control, this.bounds, this.lease.raw);
      this.lease.limits = looks;
      return looks;
    });
    return this.looking;
  }
}
