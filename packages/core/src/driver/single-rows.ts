import type { Key } from './exact.js';
import type { Assignments, Row } from './row.js';
import type { Condition, Table } from './table.js';

/** A change of one row that is taken from nobody. */
export interface Taking {
  /** What has to hold of the row. */
  readonly where: Condition;
  readonly set: Assignments;
  /** What to read of the row as it was. */
  readonly columns: readonly string[];
}

/** Single rows by their keys, each in as few statements as can be: what claims are made of. */
export interface SingleRows {
  /**
   * Adds a row, unless there is one with its key. Columns that are left out are as the table has it, and so is the key, where
   * it is left out: later rows have higher ones. Waits for whoever adds the same row.
   */
  insert(table: Table, row: Assignments): Promise<void>;

  /**
   * Locks a row that meets a condition and that nobody else holds, changes it, and returns it as it was before; `undefined`:
   * there is no such row now. Never waits. Where locks are found at the commit, a row that another transaction has changed
   * is a `CONFLICT`.
   */
  take(table: Table, key: Key, taking: Taking): Promise<Row | undefined>;

  /**
   * Locks a row that meets a condition, waits for whoever holds it, and gives it as it is once the lock is there, with the
   * database's clock at that time; `undefined`: there is no such row then. Where locks are found at the commit, it is
   * changed, so that whoever else wants it is in conflict.
   */
  hold(table: Table, key: Key, columns: readonly string[], where: Condition): Promise<Row | undefined>;

  /** Changes a row that meets a condition, and waits for whoever holds it. Tells whether there was one. */
  change(table: Table, key: Key, where: Condition, set: Assignments): Promise<boolean>;
}
