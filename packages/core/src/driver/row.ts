import type { JsonOption } from '../schema/mapping.js';
import type { Exact, Key } from './exact.js';
import type { Condition } from './table.js';

/** A row as it was read: the exact values of the columns that were asked for, and maybe of its key, by their names. */
export interface Row {
  readonly key: Key;
  readonly columns: Readonly<Record<string, Exact>>;
  /** Of each list of labels the first whose condition holds; `null`: none of them does. Absent where none were asked for. */
  readonly labels?: Readonly<Record<string, string | null>> | undefined;
  /** The row at the other end of the link that was asked for. */
  readonly parent?: Row | undefined;
  /** The database's own clock in microseconds since 1970 when the statement read the row. Absent where nobody asked. */
  readonly clock?: bigint | undefined;
}

/** A name for the rows that meet a condition on their own columns. */
export interface Label {
  readonly when: Condition;
  readonly label: string;
}

/** Lists of labels, by what they tell of a row. */
export type Labels = Readonly<Record<string, readonly Label[]>>;

/** What is read of a row. */
export interface Selection {
  readonly columns: readonly string[];
  /** Tells rows apart by conditions that only the database can judge. */
  readonly labels?: Labels | undefined;
  /** Also tells what time it is. Default: `false`. */
  readonly clock?: boolean | undefined;
}

/**
 * What is written into a column: a value, one that was read from it, a JSON value (as JSON text where the database keeps it so), an instant in
 * microseconds since 1970, so much more than it holds, or the first of some other times of the row that is set, and an
 * instant where none is. Those are columns that keep a time as this one does.
 */
export type Write =
  | { readonly value: string | number | boolean | null }
  | { readonly exact: Exact }
  | { readonly json: JsonOption }
  | { readonly time: bigint }
  | { readonly increment: number }
  | { readonly firstSet: readonly string[]; readonly otherwise: bigint };

/**
 * What is written into each column of a single row. `afterSeconds`: the instant so many seconds after the statement by the
 * database's own clock; negative: before.
 */
export type Assignments = Readonly<Record<string, Assignment>>;
export type Assignment = Write | { readonly afterSeconds: number };

/** Some columns of a row that hold texts. Each row of a list has the same. */
export type RowTexts = Readonly<Record<string, string | null>>;
