import type { TimeColumn } from '../schema/resolve.js';
import type { Condition } from './condition.js';

/** A table, or collection, as a driver has to know it. Columns are named as the database names them. */
export interface Table {
  /** The database schema (PostgreSQL) or database (MySQL); `undefined`: the connection's own. */
  readonly schema: string | undefined;
  readonly name: string;
  /** The columns that make a row unique. */
  readonly key: readonly string[];
  /** Its time columns, by their names. */
  readonly times: ReadonlyMap<string, TimeColumn>;
  /** Columns that are read to be shown and for nothing else: `SHOWN_CHARACTERS` of them are enough. */
  readonly shown: ReadonlySet<string>;
  /** What makes a row one of the user's, in a collection that has others too. Absent: all are. */
  readonly own?: Condition | undefined;
}

/** Leads from a row to rows of another table, or to the other rows of its own. */
export interface Link {
  readonly to: Table;
  /** Pairs of columns with the same value: the one of the row, and the one of the rows that it leads to. */
  readonly on: readonly (readonly [from: string, to: string])[];
  /** `siblings`: rows of the same table, without the row itself. */
  readonly kind: 'parent' | 'children' | 'siblings';
}

/** How much of a long text is read where it is only shown. What is cut has one character more. */
export const SHOWN_CHARACTERS = 200;
