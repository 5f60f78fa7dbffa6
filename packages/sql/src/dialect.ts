import type { FilterValue, JobsweepError, RawState, TimeCodec, TimeColumn } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Catalog } from './catalog.js';
import type { StatementLimits } from './lease.js';
import type { SqlSession, Statement } from './library.js';
import type { TableName } from './rows/tables.js';
import type { OwnDialect } from './service/own-dialect.js';
import type { Wire } from './wire.js';

/** How long the statements of one transaction may take and wait. */
export interface StatementBounds {
  readonly statementTimeoutSeconds: number;
  readonly lockTimeoutSeconds: number;
  /** The server ends a transaction that is idle for longer, so a stopped process holds no locks. */
  readonly idleTimeoutSeconds: number;
}

/** A transaction with bounds. */
export interface BoundTransaction extends StatementLimits {
  /**
   * Puts the connection back as it was found; to be called before the transaction ends. Rejects where the server would
   * answer COMMIT by rolling back, because a statement had failed and the work went on.
   */
  readonly restore: () => Promise<void>;
}

/** What a column holds as jobsweep writes it: a time in its codec, or a text. */
export type ColumnKind = TimeCodec | 'text';

/** A row's place in an order by (time, id): exact text of both. */
interface TimeKey {
  readonly time: string | null;
  readonly id: string;
}

/** The columns of an order by (time, id), with their alias. */
interface TimeOrder {
  readonly time: Knex.Raw;
  readonly codec: TimeCodec;
  readonly id: Knex.Raw;
}

/**
 * All that differs between databases. Everything else is written once, with knex's query builder. A column is given
 * as `columnRef` makes it.
 */
export interface Dialect {
  /** The codec of a time column that the user gives by its name alone. */
  readonly defaultCodec: TimeCodec;
  /** Whether UPDATE and DELETE return the rows that they changed. */
  readonly returnsChanged: boolean;

  /** A value as text, exact whatever the type of the column: integers beyond 2^53, uuids, enums. */
  text(build: Knex, column: Knex.Raw): Knex.Raw;
  /** A value to group by, so that no two texts are taken for one. */
  letters(build: Knex, column: Knex.Raw): Knex.Raw;
  /** A time as exact text: ISO 8601 in UTC with microseconds, or the whole number of an epoch codec. */
  timeText(build: Knex, column: Knex.Raw, codec: TimeCodec): Knex.Raw;
  /** Whether a state column has any of these values, to the letter; may use an index on the column. */
  isAnyOf(build: Knex, column: Knex.Raw, values: readonly RawState[]): Knex.Raw;
  /** The same for an expression, where no index can help. */
  equalsAnyOf(build: Knex, value: Knex.Raw, values: readonly RawState[]): Knex.Raw;
  /**
   * Whether a column of any type has any of these values: texts to the letter, numbers and booleans by their value. May
   * use an index; NULL where the column is.
   */
  isExactly(build: Knex, column: Knex.Raw, values: readonly NonNullable<FilterValue>[]): Knex.Raw;
  /** The database's current time in the form of a column. */
  now(build: Knex, column: TimeColumn): Knex.Raw;
  /** The exact text of the horizon: the database's current time minus an age, in the form of a column. */
  horizonText(build: Knex, codec: TimeCodec, maxAgeSeconds: number): Knex.Raw;
  /** Whether a time is strictly before the horizon. NULL and unset times are before none. */
  isBeforeHorizon(build: Knex, alias: string, column: TimeColumn, maxAgeSeconds: number): Knex.Raw;
  /** Whether a time is before no horizon, whenever one looks: NULL, unset, or what the database takes for no time. */
  isUndated(build: Knex, alias: string, column: TimeColumn): Knex.Raw;
  /** Seconds from a time to the database's current time, as a number or text; NULL for an undated one. */
  ageSeconds(build: Knex, alias: string, column: TimeColumn): Knex.Raw;
  /** Whether a row comes after `key`. */
  isAfter(build: Knex, order: TimeOrder, key: TimeKey): Knex.Raw;
  /** Whether an id comes after another one. */
  isIdAfter(build: Knex, column: Knex.Raw, id: string): Knex.Raw;
  /** Whether an id is any of `ids`. */
  isOneOf(build: Knex, column: Knex.Raw, ids: readonly string[]): Knex.Raw;

  /**
   * The isolation level of the open transaction in lower case, `unknown` where the server does not tell.
   *
   * @param touch reads something of a table, for servers that begin a transaction with its first read.
   */
  isolation(session: SqlSession, touch: Statement): Promise<string>;
  /** Bounds the statements of the open transaction. */
  bound(session: SqlSession, bounds: StatementBounds): Promise<BoundTransaction>;

  readonly catalog: Catalog;
  readonly wire: Wire;

  /** Whether an error came from the database or the way to it, rather than from the work of a transaction. */
  recognizes(error: unknown): boolean;
  /** The database's error in jobsweep's words. `committing`: it came out of COMMIT. */
  translate(error: unknown, committing: boolean): JobsweepError;
  /** The type of a column as the database names it, in a query that reads no row; an error where there is none. */
  typeOf(build: Knex, column: Knex.Raw, name: string, table: TableName): Knex.Raw;
  /** Whether a column type can hold this kind of value; `undefined` for a type nobody knows. */
  typeHolds(type: string, kind: ColumnKind): boolean | undefined;
  /** The columns of each unique key of a table; `undefined` for a view, and for what else has none by its nature. */
  uniqueKeys(session: SqlSession, table: TableName): Promise<string[][] | undefined>;

  /** jobsweep's own tables. */
  readonly own: OwnDialect;
}
