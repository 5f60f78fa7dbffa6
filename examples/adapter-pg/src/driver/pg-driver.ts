import { type Clock, type Driver, JobsweepError, microsOf, type Tx } from '@jobsweep/core';
import { type PgTransaction, requireOpen } from '../pg-transaction.js';
import { translateError } from '../translate-error.js';
import { pgTx } from './pg-tx.js';

const LOOK = `
  select current_setting('transaction_isolation') as isolation,
    (extract(epoch from clock_timestamp()) * 1000000)::bigint::text as now`;

/** The driver of PostgreSQL through `pg`: what core needs to keep the promises of the port. */
export class PgDriver implements Driver<PgTransaction> {
  /** @param clock replaces the database's. */
  constructor(private readonly clock: Clock | undefined) {}

  /** Looks each time: by now, the client of a transaction of the user's may be in the next one. */
  async open(session: PgTransaction, use: 'read' | 'write'): Promise<Tx> {
    requireOpen(session);
    const [look] = await session.query<{ isolation: string; now: string }>(LOOK);
    const { isolation, now } = look ?? { isolation: 'unknown', now: 0 };
    if (use === 'write' && !['read committed', 'read uncommitted'].includes(isolation)) {
      const message = `The transaction is at ${isolation.toUpperCase()}. Begin it at READ COMMITTED.`;
      throw new JobsweepError('ISOLATION_UNSUPPORTED', message);
    }
    return pgTx(session, this.clock === undefined ? BigInt(now) : microsOf(this.clock.now()));
  }

  readonly translate = (error: unknown): unknown => translateError(error);
}
