import type { OwnColumn, Table } from '@jobsweep/core';
import type { TableName } from '../catalog.js';
import type { Sql } from '../driver/sql.js';
import type { SqlSession } from '../library.js';

/** A table that is to be made of the shape of another one. */
export interface Likeness {
  readonly of: TableName;
  readonly table: TableName;
  /** The columns of its key, and what else of the other one is unique. */
  readonly key: readonly string[];
  readonly unique: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** What differs between databases about making jobsweep's own tables. */
export interface OwnDialect {
  /** The types of columns; `text` takes a number of characters. */
  readonly types: Readonly<Record<OwnColumn['type'], string>>;
  /** What comes behind the columns of a table. */
  readonly tableOptions: string;
  /** Whether CREATE TABLE makes indexes as well; otherwise each is a statement of its own, which passes over one that is there. */
  readonly indexesInTable: boolean;
  /** The names of a table's columns, as rows of `{ name }`; none where there is no such table. `quoted`: it by its name. */
  columns(table: Table, quoted: string): Sql;
  /** The statements that make a table of the shape of another one, which passes over one that is there; unique in its key alone. */
  likeness(session: SqlSession, likeness: Likeness): Promise<string[]>;
  /** Waits until nobody else is making tables, up to the end of the transaction, where that is needed. */
  makeAlone(session: SqlSession): Promise<void>;
  /** Whether the statement before has made its table, and not found it there. */
  hasMade(session: SqlSession): Promise<boolean>;
  /** Whether an error says that another one has just made the same table. */
  isMadeByAnother(error: unknown): boolean;
}
