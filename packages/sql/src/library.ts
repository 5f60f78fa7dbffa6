import type { RawRow } from './driver/selected.js';
import type { Sql } from './driver/sql.js';

/** One open transaction of the user's library, or a connection outside of any: what runs statements. */
export interface SqlSession {
  /** What stands for this transaction and for no other one. Absent: the library has nothing of the kind. */
  readonly transaction?: object | undefined;
  /** Runs SQL and gives its rows; none for a statement that returns none. */
  readonly run: (statement: Sql) => Promise<readonly RawRow[]>;
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

/** A connection of the user's pool, as long as the store has it. */
export interface PooledConnection<Session> {
  /** The driver's own connection. */
  readonly raw: object;
  /** Runs statements outside of any transaction. */
  readonly session: SqlSession;
  /** Begins a transaction at READ COMMITTED. */
  begin(options: { readonly readOnly: boolean }): Promise<Session>;
  commit(session: Session): Promise<void>;
  rollback(session: Session): Promise<void>;
  /** Gives it back. `isBroken`: to be thrown away, and never used again. */
  release(isBroken: boolean): Promise<void>;
}
