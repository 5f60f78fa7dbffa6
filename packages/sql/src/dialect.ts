import type { TimeCodec, Translator } from '@jobsweep/core';
import type { ServerCatalog } from './catalog.js';
import type { Sql } from './driver/sql.js';
import type { Words } from './driver/words.js';
import type { RawRows, SqlControl, SqlSession } from './library.js';
import type { OwnDialect } from './service/own-dialect.js';
import type { StatementLimits, Wire } from './wire.js';

/** How long the statements of one transaction may take and wait. */
export interface StatementBounds {
  readonly statementTimeoutSeconds: number;
  readonly lockTimeoutSeconds: number;
  /** The server ends a transaction that is idle for longer, so a stopped process holds no locks. */
  readonly idleTimeoutSeconds: number;
}

/** How one transaction is begun. */
export interface BoundsOfTransaction extends StatementBounds {
  readonly readOnly: boolean;
}

/** A transaction with bounds. */
export interface BoundTransaction extends StatementLimits {
  /** The database's clock in microseconds since 1970. */
  readonly now: bigint;
  /**
   * Puts the connection back as it was found; to be called before the transaction ends. Rejects where the server would
   * answer COMMIT by rolling back, because a statement had failed and the work went on.
   */
  readonly restore: () => Promise<void>;
}

/** Reading without a transaction. */
export interface Looks extends StatementLimits {
  /** The database's clock in microseconds since 1970. */
  readonly now: bigint;
  /** Runs a SELECT that is bounded as in a transaction. Absent: this connection would not read what is committed. */
  readonly read?: ((statement: Sql) => Promise<RawRows>) | undefined;
}

/** All that differs between databases. What a server decides is known once it was met. */
export interface Dialect {
  /** The codec of a time column that the user gives by its name alone. */
  readonly defaultCodec: TimeCodec;
  /** Asks the server once what it is. Throws `ENGINE_UNSUPPORTED` where its release cannot be worked with. */
  meet(session: Pick<SqlSession, 'run'>): Promise<void>;
  /** Whether a statement that failed so undid itself alone, and its transaction goes on as if it had not been. */
  undidItselfAlone(error: unknown): boolean;
  /**
   * The isolation level of the open transaction in lower case. `untold` where the server keeps it from this user, `unseen`
   * where it shows an older state for too long.
   *
   * @param touch reads something of a table, for servers that begin a transaction with its first read.
   */
  isolation(session: SqlSession, touch: Sql): Promise<string>;
  /**
   * Begins a transaction at READ COMMITTED whose statements are bounded. One that only reads is kept from writing where the
   * server can.
   *
   * @param raw the driver's own connection.
   */
  begin(control: SqlControl, bounds: BoundsOfTransaction, raw: object): Promise<BoundTransaction>;
  /** Prepares for reading where no transaction has begun. */
  look(control: SqlControl, bounds: StatementBounds, raw: object): Promise<Looks>;

  /** The driver's words. */
  readonly words: Words;
  /** Whether a list of keys is one value: where it is not, statements are as many as there are lengths of lists. */
  readonly bindsLists: boolean;
  readonly catalog: ServerCatalog;
  readonly wire: Wire;

  /** What its errors are. */
  readonly errors: Translator;

  /** jobsweep's own tables. */
  readonly own: OwnDialect;
}
