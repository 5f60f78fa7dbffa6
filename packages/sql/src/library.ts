import type { RawRow } from './driver/selected.js';
import type { Sql } from './driver/sql.js';

export type RawRows = readonly RawRow[];

/** One open transaction of the user's library, or a connection outside of any: what runs statements. */
export interface SqlSession {
  /** What stands for this transaction and for no other one. Absent: the library has nothing of the kind. */
  readonly transaction?: object | undefined;
  /** Runs SQL and gives its rows; none for a statement that returns none. */
  readonly run: (statement: Sql) => Promise<RawRows>;
  /** The same for a SELECT that needs no transaction around it. Absent: there is one around it anyway. */
  readonly look?: ((statement: Sql) => Promise<RawRows>) | undefined;
  /** Runs SQL that changes rows, and tells how many. */
  readonly change: (statement: Sql) => Promise<number>;
}

/** How a library of the user's runs SQL: all that differs between one library and another. */
export interface SqlLibrary<Session> {
  /** The open transaction behind a handle; `undefined` where the handle is none, or the transaction has ended. */
  open(session: Session): SqlSession | undefined;
  /** What the user's configuration makes of a name; `quote` puts quotes around one. Absent: quotes alone. */
  wrapIdentifier?(name: string, quote: (name: string) => string): string;
  /** How people of this library begin a transaction at READ COMMITTED: a sentence for error messages. */
  readonly howToBegin: string;
  /** Takes a connection out of the user's pool. */
  take(): Promise<PooledConnection<Session>>;
}

/** What rules a connection: it runs statements whatever the transaction is in that its handle is of. */
export interface SqlControl extends SqlSession {
  /** For PostgreSQL: runs several statements without values in one round trip, and gives the rows of the last one. */
  readonly script: (statements: string) => Promise<RawRows>;
}

/** A connection of the user's pool, as long as the store has it. */
export interface PooledConnection<Session> {
  /** The driver's own connection. */
  readonly raw: object;
  readonly control: SqlControl;
  /**
   * Makes the handle of a transaction, and tells the server nothing.
   *
   * @param begun what begins the transaction, or has begun it: whatever runs on the handle waits for that.
   */
  open(begun: () => Promise<unknown>): Promise<Session>;
  commit(session: Session): Promise<void>;
  rollback(session: Session): Promise<void>;
  /** Gives it back. `isBroken`: to be thrown away, and never used again. */
  release(isBroken: boolean): Promise<void>;
}
