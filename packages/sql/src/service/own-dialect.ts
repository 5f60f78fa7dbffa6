import type { Knex } from 'knex';
import type { SqlSession, Statement } from '../library.js';
import type { OwnNames, OwnTable } from './names.js';

/** The statements that make jobsweep's own tables, in the order they are run in. */
type OwnDdl = Readonly<Record<keyof OwnNames, readonly string[]>>;

/**
 * What differs between databases about jobsweep's own tables. Their names and columns are written as they are: nothing
 * that people tell their library about identifiers may turn them into those of another table. Time is the database's
 * own, also in a store that was given another clock: runners with different clocks would take turns from each other.
 */
export interface OwnDialect {
  /** A table's name in a statement, quoted. */
  quoted(table: OwnTable): string;
  /** The start of the statement, as a time column of an own table holds it. */
  readonly now: string;
  /** So many seconds after the start of the statement; negative: before. */
  after(build: Knex, seconds: number): Knex.Raw;
  /** A time of an own table as exact text: ISO 8601 in UTC with microseconds. */
  timeText(column: string): string;
  /** Any other column as exact text. */
  text(column: string): string;
  /** Adds the row of a config's strategy, its two values, to the claims table, unless it has one. */
  insertClaim(claims: OwnTable): string;
  /** The statements that make the tables where they are missing. */
  ddl(names: OwnNames): OwnDdl;
  /** The names of a table's columns, as rows of `{ name }`; none where there is no such table. */
  columns(build: Knex, table: OwnTable): Statement;
  /** Waits until nobody else is making tables, up to the end of the transaction, where that is needed. */
  makeAlone(session: SqlSession): Promise<void>;
  /** Whether the statement before has made its table, and not found it there. */
  hasMade(session: SqlSession): Promise<boolean>;
  /** Whether an error says that another one has just made the same table. */
  isMadeByAnother(error: unknown): boolean;
}
