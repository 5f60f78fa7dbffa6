import type { JobsweepError, TimeCodec } from '@jobsweep/core';
import type { Knex } from 'knex';

/** How long the statements of one transaction may take and wait. */
export interface StatementBounds {
  readonly statementTimeoutSeconds: number;
  readonly lockTimeoutSeconds: number;
  /** The server ends a transaction that is idle for longer, so a stopped process holds no locks. */
  readonly idleTimeoutSeconds: number;
}

/** All that differs between databases. Everything else is written once, with knex's query builder. */
export interface Dialect {
  /** A value as text, exact whatever the type of the column: integers beyond 2^53, uuids, enums. */
  text(session: Knex, column: string): Knex.Raw;
  /** A time as exact text: ISO 8601 in UTC with microseconds, or the whole number of an epoch codec. */
  timeText(session: Knex, time: string | Knex.Raw, codec: TimeCodec): Knex.Raw;
  /** The database's current time in the form of a column. */
  now(session: Knex, codec: TimeCodec): Knex.Raw;
  /** The database's current time minus an age, in the form of a column: a row before it is older. */
  horizon(session: Knex, codec: TimeCodec, maxAgeSeconds: number): Knex.Raw;
  /** A condition that holds when the column is any of `ids`, with a single bound value. */
  anyOf(session: Knex, column: string, ids: readonly string[]): Knex.Raw;
  /** The isolation level of the open transaction, as the database names it in lower case. */
  isolation(session: Knex): Promise<string>;
  /** Bounds the statements of the open transaction, and of no later one on the same connection. */
  bound(session: Knex, bounds: StatementBounds): Promise<void>;
  /** Whether an error came from the database or the way to it, rather than from the work of a transaction. */
  recognizes(error: unknown): boolean;
  /** The database's error in jobsweep's words. `committing`: it came out of COMMIT. */
  translate(error: unknown, committing: boolean): JobsweepError;
  /** The type of a column as the database names it, in a query that reads no row. */
  typeOf(session: Knex, column: string): Knex.Raw;
  /** Whether a column type can hold a time of this codec; `undefined` for a type nobody knows. */
  typeHolds(type: string, codec: TimeCodec): boolean | undefined;
}
