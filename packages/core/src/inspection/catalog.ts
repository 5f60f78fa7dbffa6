import type { Condition } from '../driver/condition.js';
import type { Query, Tx } from '../driver/driver.js';
import type { Exact } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import type { ColumnShape } from '../driver/shape.js';
import type { Table } from '../driver/table.js';
import type { WantedIndex } from '../rules/wanted-indexes.js';
import type { ColumnKind } from './column-kind.js';
import type { DuePartition, IndexAdvice, JobReference, MissingPrivilege, OldSnapshot, ReadCost } from './diagnosis.js';
import type { SchemaFinding, ServerInfo } from './inspection.js';
import type { MappedTable } from './mapped-columns.js';
import type { Need } from './needs.js';
import type { SurveyedName, SurveyedTable } from './survey.js';

/** A column as its database describes it. */
export interface ColumnFacts {
  /** What the database calls its type. */
  readonly type: string;
  /** What else it could hold, where its type is an enum. Absent: it is none. */
  readonly members?: readonly string[] | undefined;
  /** What takes two of its texts for one: a collation, or its type. Absent: nothing does. */
  readonly equates?: string | undefined;
  /** Whether the database makes its value of other columns. */
  readonly isGenerated: boolean;
}

/** An index that the database uses. */
export interface IndexFacts {
  readonly name: string;
  /** What its rows are in the order of, ascending; `null`: an expression, say. Empty: it has no order that can be used. */
  readonly columns: readonly (string | null)[];
  /** The rows that it has: those whose column has one of these values, as text; NULL is one. Absent: all; `null`: nobody can tell. */
  readonly only?: { readonly column: string; readonly values: ReadonlySet<string | null> } | null;
  /** The columns in which no two rows of the table agree. Absent: none. */
  readonly unique?: readonly string[] | undefined;
}

/** A table as it is. */
export interface TableFacts {
  /** As a statement names it. */
  readonly name: string;
  /** Whether it is a view, or what else has no keys and no indexes of its own. */
  readonly isView: boolean;
  /** What it is, where that cannot be written: `read-only view`. Absent: it can. */
  readonly unwritable?: string | undefined;
  /** By their names, in their order. Absent: no catalog says what its rows have. */
  readonly columns?: ReadonlyMap<string, ColumnFacts>;
  readonly indexes: readonly IndexFacts[];
  /** Whether the server keeps rows of it from this user, by rules of its own. */
  readonly hidesRows?: boolean;
  /** Its storage engine, where that has no transactions. */
  readonly unsafeEngine?: string | undefined;
}

/** The rows whose values of a state column are asked for. */
export interface StateColumn {
  readonly table: Table;
  readonly column: string;
  /** Those that the filters let through. */
  readonly where: Condition;
  /** Of the rows with the greatest keys, so many. `undefined`: of all. */
  readonly newest: number | undefined;
  /** Values at most, the most frequent first. */
  readonly limit: number;
}

/** A value of a state column, to the letter, and how many rows have it. */
export interface StateCount {
  readonly value: Exact;
  readonly rows: number;
}

/** What an inspection asks of a database. Each question is one of its own: those after one that failed are answered too. */
export interface Catalog {
  /** What rows are in, in its words. */
  readonly holder: 'table' | 'collection';
  /** Whether an index can have the rows of some states alone. Otherwise the state is its first column. */
  readonly hasPartialIndexes: boolean;
  /** The names of indexes are cut to so many bytes. */
  readonly maxNameBytes: number;

  server(): Promise<ServerInfo>;
  /**
   * `undefined`: there is none of this name.
   *
   * @param named columns that it is asked for: some servers hide from a user those that he has no privilege on.
   */
  table(table: Table, named: readonly string[]): Promise<TableFacts | undefined>;
  /** The columns of a table as they are now; none where there is no such table. Absent: rows have the shape that they have. */
  shape?(table: Table): Promise<readonly ColumnShape[]>;
  /** The names of those that there are in the place of a table, a thousand at most. */
  names(table: Table): Promise<string[]>;
  /** Whether a column type can hold a kind of value; `undefined` for a type that nobody knows. */
  typeHolds(type: string, kind: ColumnKind): boolean | undefined;
  /** Whether rows with a value of a column type are not found again by that value, as it is read. */
  typeIsInexact(type: string): boolean;
  /** What there is to find in this kind of database alone, of these tables too. */
  findings(tables: readonly MappedTable[]): Promise<SchemaFinding[]>;

  /** See `StoreSurvey`. */
  tables(): Promise<readonly SurveyedName[]>;
  describe(tables: readonly SurveyedName[]): Promise<readonly SurveyedTable[]>;

  /** Of any table that there is, mapped or not. */
  values(asked: StateColumn): Promise<readonly StateCount[]>;
  /** The statement that makes an index, for tables that are in use. */
  indexStatement(
    index: Pick<WantedIndex, 'only' | 'order'> & IndexName,
    table: Table,
    facts: TableFacts | undefined,
  ): Promise<string>;
  createIndex(advice: IndexAdvice): Promise<void>;
  /** Runs a look, whose pages are explained by the server instead of read. */
  explain(look: (tx: Pick<Tx, 'now'> & { page(query: Query): Promise<Row[]> }) => Promise<unknown>): Promise<ReadCost>;
  references(): Promise<JobReference[] | null>;
  /** See `StoreDiagnosis.oldSnapshots`. */
  snapshots(): Promise<readonly OldSnapshot[] | null>;
  /** Absent: none of its partitions can be taken away as a whole. */
  readonly partitions?: {
    /** Those of a table by range, the oldest first. */
    of(table: Table, limit: number): Promise<readonly Pick<Table, 'schema' | 'name'>[]>;
    /** How one is taken away, unless a row of it meets a condition. */
    dropping(table: Table, partition: Table, stays: Condition): Promise<DuePartition>;
  };
  missingPrivileges(needs: readonly Need[]): Promise<MissingPrivilege[]>;
  grants(user: string, needs: readonly Need[]): Promise<string[]>;
}

/** An index that is to be made. */
interface IndexName {
  readonly name: string;
  /** All of its columns. */
  readonly columns: readonly string[];
}
