import type { ColumnKind } from './column-kind.js';
import type { InspectOptions } from './inspect-options.js';

/** A table that there is. */
export interface SurveyedName {
  /** The database schema (PostgreSQL) or database (MySQL) that it is in; empty where there is no such thing. */
  readonly schema: string;
  /** Whether a statement finds it without its schema. */
  readonly isOwn: boolean;
  readonly name: string;
}

/** A column, or the field of a document. */
export interface SurveyedColumn {
  readonly name: string;
  /** What the database calls its type; of a field what its values are. */
  readonly type: string;
  /** What it can hold; of a field what the values in the sample are. */
  readonly holds: readonly ColumnKind[];
  /** What else it could hold, where its type is an enum. Absent: it is none. */
  readonly members?: readonly string[];
  /** Whether the database makes its value of other columns. */
  readonly isGenerated: boolean;
}

/** A foreign key that points at a table. */
export interface SurveyedReference {
  readonly table: SurveyedName;
  readonly columns: readonly string[];
  /** The columns that it points at, in the same order. */
  readonly to: readonly string[];
  readonly onDelete: 'blocks' | 'cascades' | 'sets';
}

/** A table as it is, whatever it is for. */
export interface SurveyedTable extends SurveyedName {
  /** About how many rows it has, as the server estimates it. `null`: it does not say. */
  readonly rows: number | null;
  readonly columns: readonly SurveyedColumn[];
  /** The columns in which no two of its rows agree, the primary key first. */
  readonly keys: readonly (readonly string[])[];
  /** The foreign keys of other tables that point at it. None where the database has no foreign keys. */
  readonly references: readonly SurveyedReference[];
}

/** A column, of a table that was looked at, whose values are asked for. */
export interface SurveyedPlace extends SurveyedName {
  /** A key of the table: the rows that are counted are those with the greatest ones. */
  readonly key: readonly string[];
  readonly column: string;
}

/** What a column holds. */
export interface SurveyedValues {
  /** The most frequent first, 30 at most, as text; `null`: NULL, or no such field. */
  readonly values: readonly { readonly value: string | null; readonly rows: number }[];
  /** Whether there are more rows than were counted, which is 100 thousand at most, or more values. */
  readonly hasMore: boolean;
}

/**
 * A look at a database of which nothing is mapped yet: what `jobsweep init` makes its proposal of. Read-only and bounded like
 * every other look: the catalog of the server, and of MongoDB, which has none, the newest 200 documents of a collection.
 */
export interface StoreSurvey {
  /** The tables that there are, 1000 at most. Views are none, and neither are partitions. */
  tables(options?: InspectOptions): Promise<readonly SurveyedName[]>;
  /** Some of them as they are. What is gone meanwhile is left out. */
  describe(tables: readonly SurveyedName[], options?: InspectOptions): Promise<readonly SurveyedTable[]>;
  /** The values of a column, of its newest 100 thousand rows. */
  values(place: SurveyedPlace, options?: InspectOptions): Promise<SurveyedValues>;
}
