/**
 * A value of a column, compared exactly: `'a'` is not `'A'`, whatever the column's collation. Integers beyond 2^53 are given
 * as texts.
 */
export type ColumnValue = string | number | boolean | null;

/** What a column has to hold: a value, any of several, or none of some. NULL is a value like others. */
export type ColumnTest =
  | ColumnValue
  | readonly ColumnValue[]
  | { readonly is: ColumnValue | readonly ColumnValue[] }
  | { readonly isNot: ColumnValue | readonly ColumnValue[] };

/** Rows of another table that name a row. */
export interface ExistsOption {
  /** The database schema (PostgreSQL) or database (MySQL) of the table. Default: the connection's own. */
  readonly schema?: string;
  readonly table: string;
  /** The column that holds the key of the row; of a key of several columns as many, in their order. */
  readonly key: string | readonly string[];
  /** Only those that meet a condition of their own, which looks into no further table. Default: all. */
  readonly where?: ConditionOption;
}

/** A condition on a row: everything that is said of it holds. `exists` is no column when an object with a table follows. */
export interface RowCondition {
  readonly [column: string]: ColumnTest | ExistsOption;
}

/**
 * A condition on the rows of a table, by their columns as the database names them: an object, of which everything holds, or
 * a list of objects, of which any holds.
 *
 * @example
 * const option: ConditionOption = [
 *   { status: ['failed', 'dead'], retried_at: null },
 *   { status: { isNot: 'done' }, exists: { table: 'annotations', key: 'job_id', where: { kind: 'keep' } } },
 * ];
 */
export type ConditionOption = RowCondition | readonly RowCondition[];
