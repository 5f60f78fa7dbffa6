import type { Knex } from 'knex';

/** A statement that the builder made. */
export type Statement = Knex.QueryBuilder | Knex.Raw;

/** One open transaction of the user's library: what makes its statements, and what runs them. */
export interface SqlSession {
  /** Makes statements in the words of this database. Only `rows` runs them. */
  readonly build: Knex;
  /**
   * Runs a statement and gives its rows, as the driver reads them; none for a statement that returns none.
   *
   * @param timeoutMs ends the statement from outside after so long; the promise rejects then.
   */
  readonly rows: <Row>(statement: Statement, timeoutMs?: number) => Promise<Row[]>;
}

/** How a library of the user's runs SQL: all that differs between one library and another. */
export interface SqlLibrary<Session> {
  /** The open transaction behind a handle; `undefined` where the handle is none, or the transaction has ended. */
  open(session: Session): SqlSession | undefined;
  /** How people of this library begin a transaction at READ COMMITTED: a sentence for error messages. */
  readonly howToBegin: string;
  /**
   * Runs `work` in a transaction at READ COMMITTED on a connection of the user's pool and commits. When `work` rejects
   * it rolls back and rejects with the same error.
   */
  transaction<Result>(
    work: (session: Session) => Promise<Result>,
    options: { readonly readOnly: boolean },
  ): Promise<Result>;
  /**
   * Runs `work` on one connection of the user's pool outside of any transaction, for what cannot run in one. When `signal`
   * fires, the server ends the statement in hand, which rejects.
   */
  outside<Result>(work: (session: SqlSession) => Promise<Result>, signal: AbortSignal | undefined): Promise<Result>;
}
