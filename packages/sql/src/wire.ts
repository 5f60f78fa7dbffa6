import type { PooledConnection, SqlSession } from './library.js';

/** What is known of the connection once its transaction is bounded. */
export interface StatementLimits {
  /** How long a statement may take, where the server does not see to that. */
  readonly statementTimeoutMs?: number;
  /** What the server calls the connection. */
  readonly serverId?: string;
}

/** What is done to a driver's connection from outside, while a statement may be in hand on it. */
export interface Wire {
  /** Ends it without a word to the server, also where nothing would be answered. */
  destroy(raw: object): void;
  /** What the server calls the connection, where cancelling by that name needs to be sure of it. Asked in a transaction. */
  serverId?(session: SqlSession): Promise<string>;
  /**
   * Asks the server to end the statement in hand. Rejects where that cannot be asked of the right one.
   *
   * @param serverId as the server said it.
   * @param run runs a statement on another connection.
   */
  cancel(
    connection: Pick<PooledConnection<unknown>, 'raw'>,
    serverId: string | undefined,
    run: (sql: string) => Promise<unknown>,
  ): Promise<void>;
}
