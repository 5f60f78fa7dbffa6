import type { ColumnValue, Exact, Table, TimeCodec, TimeColumn } from '@jobsweep/core';
import type { Sql } from './sql.js';

/** How one kind of SQL database says what the driver's statements are made of. Columns are given with their alias. */
export interface Words {
  /** What names are quoted with. */
  readonly quote: '"' | '`';
  /** What a row that others hold does to a statement that locks rows: it is left out, or the statement is refused for it. */
  readonly lock: 'skip locked' | 'nowait';
  /** What locks rows that others may lock in the same way, and does as `lock` with those that they hold. */
  readonly share: string;
  /**
   * Whether a list of several tuples does not find texts beyond ASCII in columns of another character set than the
   * connection's. Each tuple by itself does, and is slower.
   */
  readonly misreadsTuples: boolean;
  /** Whether UPDATE returns the rows that it changed. */
  readonly returnsChanged: boolean;
  /** Whether a foreign key is looked at as each row is deleted, and not when the statement ends. */
  readonly refusesRowByRow: boolean;
  /** Whether a page of rows in several states has to be put together from one page of each, to use the order of an index. */
  readonly mergesPages: boolean;
  /** Whether a row that a link leads up to can be looked up for each row by itself, in a way that planners keep. */
  readonly joinsLaterally: boolean;
  /** The current time in microseconds since 1970, as text. */
  readonly now: Sql;

  /**
   * The columns of a table, as `name`, that the server changes whenever a row is updated, unless the update names them. Absent:
   * it has none of the kind.
   */
  selfChanging?(schema: string | undefined, table: string): Sql;

  /**
   * The columns of a table as rows of `{ name, type, made }`: `made` is `true` where the database makes
   * it of others.
   */
  shape(table: Pick<Table, 'schema' | 'name'>): Sql;
  /** Whether that leaves out columns which this user may not use. */
  readonly hidesColumns: boolean;
  /** What lets INSERT give a key that the table would make by itself: a clause before the rows. */
  readonly givenKeys: string;

  /** The exact text of a value, whatever the type of the column. */
  text(column: Sql): Sql;
  /** A value to group by, so that no two texts are taken for one. */
  letters(column: Sql): Sql;
  /** So many characters of it at most, from the left. */
  shownText(column: Sql, characters: number): Sql;
  /** A time in microseconds since 1970, as a number; NULL for what is no instant. A text is what it is. */
  micros(column: Sql, codec: TimeCodec): Sql;
  /** The exact text of a time. */
  timeText(column: Sql, codec: TimeCodec): Sql;
  /** An instant as it is written into a column. */
  instant(micros: bigint, codec: TimeCodec): Sql;
  /** A time that was read, as its column holds it. */
  heldTime(exact: string, codec: TimeCodec): Sql;
  /** The instant so many seconds after the start of the statement, in the same way; negative: before. */
  afterNow(seconds: number, codec: TimeCodec): Sql;
  /** What makes INSERT add nothing where there is such a key: a word after it, and a clause at its end. */
  readonly insertUnlessThere: { readonly word: string; readonly clause: string };

  /** Rows of texts as a table, each column a list of them; absent: rows are written out, one after the other. */
  rowsOf?(columns: readonly (readonly (string | null)[])[]): Sql;

  /** Whether a column of any type has one of these values, to the letter; may use an index. */
  isIn(column: Sql, values: readonly NonNullable<ColumnValue>[]): Sql;
  /** Whether a column of a key, or one that leads to a key, has one of these exact values; may use an index. */
  isOneOf(column: Sql, exact: readonly string[]): Sql;
  /** Whether a time is strictly before an instant; may use an index. One that is not set is before none. */
  isBefore(column: Sql, time: TimeColumn, micros: bigint): Sql;
  isSet(column: Sql, time: TimeColumn): Sql;
  /** Whether a time, and then the rest of the order, is after a place (`>`) or not (`<=`); may use an index. */
  isInOrder(
    is: '>' | '<=',
    time: Sql,
    codec: TimeCodec,
    exact: Exact,
    keys: readonly Sql[],
    key: readonly Exact[],
  ): Sql;
  /** A time in a form in which those of two rows are compared exactly. */
  comparable(time: Sql, codec: TimeCodec): Sql;
}
