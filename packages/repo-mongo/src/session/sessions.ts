import { type Deadline, JobsweepError } from '@jobsweep/core';
import type { ClientSession, Connection } from 'mongoose';
import type { Collection } from '../mapping/collections.js';
import type { Settings } from '../options.js';
import type { Activity } from './activity.js';
import type { Collation, Collations } from './collations.js';
import { OpenSession } from './open-session.js';
import type { Look, Server } from './server.js';

/** How a transaction of the store was begun. */
interface Begun {
  readonly maxTimeMs: number;
  readonly readOnly: boolean;
  readonly activity: Activity;
  readonly deadline: Deadline;
}

const HOW_TO_BEGIN =
  'Call the operation with the `session` of connection.transaction(async (session) => ...) and await it there, or use store.transaction(...)';

/** What is known about the sessions that operations are called in. */
export class Sessions {
  private readonly begun = new WeakMap<ClientSession, Begun>();
  private readonly looks = new WeakMap<object, Promise<Look>>();

  constructor(
    private readonly connection: Connection,
    private readonly server: Server,
    private readonly collations: Collations,
    private readonly collections: readonly Collection[],
    private readonly settings: Settings,
  ) {}

  /** Notes a session that the store began. */
  began(session: ClientSession, how: Begun): void {
    this.begun.set(session, how);
  }

  /**
   * The session as operations use it. Throws `SESSION_NOT_IN_TRANSACTION` where it is in none and ought to be, and
   * `TRANSACTIONS_REQUIRED` on a server that has none.
   */
  async open(session: ClientSession, use: 'read' | 'write'): Promise<OpenSession> {
    // Without types, or through a cast, people pass anything: a session that has ended, one of another connection.
    const given = session as (Partial<ClientSession> & { readonly client?: unknown }) | null | undefined;
    const { allowNonAtomic, statementTimeoutMs } = this.settings;
    if (typeof given?.inTransaction !== 'function' || given.hasEnded !== false)
      throw notInTransaction('is no open session');
    if (given.client !== undefined && given.client !== this.connection.getClient()) {
      throw notInTransaction('belongs to another connection');
    }
    if (!session.inTransaction() && !allowNonAtomic) throw notInTransaction('is in no transaction');
    const look = await this.look(session);
    const { hasTransactions } = look;
    if (!hasTransactions && !allowNonAtomic) throw transactionsRequired();
    if (!session.inTransaction() && hasTransactions) throw notInTransaction('is in no transaction');

    const begun = this.begun.get(session);
    const { maxTimeMs = statementTimeoutMs, readOnly = false } = begun ?? {};
    if (readOnly && use === 'write') {
      throw new JobsweepError(
        'DATABASE_ERROR',
        'The transaction is a read-only transaction. Write in one that is not.',
      );
    }
    const collations = new Map<Collection, Collation>();
    for (const collection of this.collections) collations.set(collection, await this.collations.of(collection));
    return new OpenSession(session, maxTimeMs, collations, look, begun);
  }

  /** Looks at the server once a transaction, for which every session has an object of its own. */
  private async look(session: ClientSession): Promise<Look> {
    // Public, though the types of the newest driver leave it out.
    const { transaction } = session as unknown as { readonly transaction?: object };
    const once = session.inTransaction() ? transaction : this.begun.get(session);
    if (once === undefined) return this.server.look();
    const looked = this.looks.get(once) ?? this.server.look();
    this.looks.set(once, looked);
    try {
      return await looked;
    } catch (error) {
      this.looks.delete(once);
      throw error;
    }
  }

  /** Whether the server has transactions. Throws `TRANSACTIONS_REQUIRED` where it has none and they are required. */
  async requireTransactions(): Promise<boolean> {
    const hasTransactions = await this.server.hasTransactions();
    if (hasTransactions || this.settings.allowNonAtomic) return hasTransactions;
    throw transactionsRequired();
  }
}

function transactionsRequired(): JobsweepError {
  return new JobsweepError(
    'TRANSACTIONS_REQUIRED',
    'The server is no replica set, so it has no transactions. Start it with --replSet and call rs.initiate() once (one ' +
      'member is enough), or set allowNonAtomic and read in docs/repo-mongo.md what remains possible.',
  );
}

function notInTransaction(what: string): JobsweepError {
  return new JobsweepError('SESSION_NOT_IN_TRANSACTION', `The session ${what}. ${HOW_TO_BEGIN}.`);
}
