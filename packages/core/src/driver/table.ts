import type { ColumnValue } from '../schema/conditions.js';
import type { TimeColumn } from '../schema/time-column.js';

/** A table, or collection, as a driver has to know it. Columns are named as the database names them. */
export interface Table {
  /** The database schema (PostgreSQL) or database (MySQL); `undefined`: the connection's own. */
  readonly schema: string | undefined;
  readonly name: string;
  /** The columns that make a row unique. */
  readonly key: readonly string[];
  /** Its time columns, by their names. */
  readonly times: ReadonlyMap<string, TimeColumn>;
  /** Columns of which so many characters are enough, as those that are read to be shown and for nothing else. */
  readonly shown: ReadonlyMap<string, number>;
  /** Columns that are read as if they were its own, and are those of a row that each of its rows names. Absent: none. */
  readonly borrowed?: Borrowed | undefined;
  /** What makes a row one of the user's, in a collection that has others too. Absent: all are. */
  readonly own?: Condition | undefined;
}

/** Columns of another table, one row of which a row names. */
export interface Borrowed {
  readonly from: Table;
  /** Pairs of columns with the same value: the one of the row, and the one of the row that it names. */
  readonly on: readonly (readonly [own: string, other: string])[];
  /** The names that the columns have here, and those that they have there. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Leads from a row to rows of another table, or to the other rows of its own. */
export interface Link {
  readonly to: Table;
  /** Pairs of columns with the same value: the one of the row, and the one of the rows that it leads to. */
  readonly on: readonly (readonly [from: string, to: string])[];
  /** `siblings`: rows of the same table, without the row itself. */
  readonly kind: 'parent' | 'children' | 'siblings';
}

/**
 * A condition on a row of one table: the little tree that every driver compiles into its query language. It is true or
 * false and nothing between: what compares with NULL is false, and `not` of that is true.
 *
 * - `in`: the column has one of these values, to the letter, whatever its collation; `null` is a value like others
 * - `before`: the time is strictly before an instant, in microseconds since 1970; one that is not set is before none
 * - `isSet`: whether the time is one, and not NULL or a value that means "not set"
 * - `exists`: there is a row at the other end of the link that meets a condition; with `newer`, so many of them come after this
 *   one. The link leads to rows of the same table then, by values that are the same to the letter
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly column: string; readonly in: readonly ColumnValue[] }
  | { readonly time: string; readonly before: bigint }
  | { readonly time: string; readonly isSet: boolean }
  | { readonly exists: Link; readonly where: Condition; readonly newer?: Newer | undefined };

/** How many rows have to come after one, in the order of a time and then of the key. NULL comes after none, and none after it. */
export interface Newer {
  readonly time: string;
  readonly count: number;
}

/** How much of a long text is read where it is only shown. As of every text that is read in part, what is cut has one character more. */
export const SHOWN_CHARACTERS = 200;
