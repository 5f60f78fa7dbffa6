import type { RawState } from '../schema/mapping.js';
import type { Condition } from './condition.js';
import type { Exact, Key } from './exact.js';
import type { Assignments, Row, RowTexts, Selection, Write } from './row.js';
import type { SingleRows } from './single-rows.js';
import type { Link, Table } from './table.js';

/** A page of the rows of a table. */
export interface Query extends Selection {
  readonly table: Table;
  readonly where: Condition;
  /** The time column that comes before the key in the order. Absent: the key alone. */
  readonly orderBy?: string | undefined;
  /** The latest time, or the highest key, first. Default: `false`. */
  readonly descending?: boolean | undefined;
  /** Where the page begins: behind the row with this time and key; of a descending order, with this key, and by no time. */
  readonly after?: { readonly time?: Exact | undefined; readonly key: Key } | undefined;
  /** Where it ends at the latest: with such a row, if there is one. Not where the order is descending. */
  readonly upTo?: Query['after'];
  readonly limit: number;
  /** Also reads the row that this link leads to; rows without one are left out. */
  readonly parent?: (Selection & { readonly link: Link }) | undefined;
}

/** Rows to be counted. */
export interface CountQuery {
  readonly table: Table;
  readonly where: Condition;
  /** Counting stops here. Absent: it does not. */
  readonly atMost?: number | undefined;
  /** A time to look at: of the rows themselves, or of the rows that a link leads to. */
  readonly earliest?: { readonly time: string; readonly parent?: Link } | undefined;
}

/** What a count found. */
export interface Counted {
  readonly rows: number;
  /**
   * The earliest time in microseconds since 1970; `null`: none is set, or nobody asked. Where counting stopped, it is still
   * the earliest of all rows if it is their own, and that of the rows that were counted if it is their parents'.
   */
  readonly earliest: bigint | null;
}

/** Rows to be summed up in groups. Their columns of numbers hold one in each row. */
export interface SumQuery {
  readonly table: Table;
  readonly where: Condition;
  /** Columns of texts: a group has one text in each, to the letter. */
  readonly by: readonly string[];
  /**
   * A time: a group is of one span of `seconds`, counted from 1970 on. Rows before an instant, in microseconds since 1970, are
   * left out.
   */
  readonly span: { readonly time: string; readonly seconds: number; readonly since: bigint };
  /** What to sum up. */
  readonly columns: readonly string[];
  /** Groups at most, those of the earliest spans. */
  readonly limit: number;
}

/** A group of rows. */
export interface Summed {
  /** The texts that its rows have, in the order of `by`. */
  readonly by: readonly Exact[];
  /** When its span begins, in microseconds since 1970. */
  readonly from: bigint;
  readonly rows: number;
  /** Of each column the sum, and the greatest number. */
  readonly columns: Readonly<Record<string, { readonly sum: number; readonly greatest: number }>>;
}

/** Rows that are locked, as they are now, and the keys of those that others hold. */
export interface Locked {
  readonly rows: readonly Row[];
  readonly held: readonly Key[];
}

/** What others may do with a locked row: nothing, or lock it in the same way. */
export type LockMode = 'update' | 'share';

/** The rows that hang on others, a page at a time. */
export interface RelatedQuery extends Selection {
  readonly link: Link;
  readonly parents: readonly Key[];
  readonly where: Condition;
  /**
   * `parent`: those of one parent together, the first page alone, which an index on the link can give. `parentAndKey`: in an
   * order that pages continue in.
   */
  readonly order: 'parent' | 'parentAndKey';
  readonly after?: Row | undefined;
  readonly limit: number;
}

/** A change of rows that are locked, or were just read where locks are found at the commit. */
export interface Update {
  readonly rows: readonly Row[];
  readonly set: Readonly<Record<string, Write>>;
  /** What has to hold of a row to be written, besides that it is one of `rows`. */
  readonly guard: Condition;
  /** What to read of the rows that were changed. */
  readonly columns: readonly string[];
}

/** Rows to be copied from one table into another of the same shape. */
export interface Copy {
  readonly from: Table;
  readonly to: Table;
  readonly keys: readonly Key[];
  /** What has to hold of a row besides that it has one of the keys. */
  readonly where: Condition;
  /** The table of which each column is copied: all that the other one does not make of others. The other may have more. */
  readonly columnsOf: 'from' | 'to';
}

/** What a lock is, and what else is not the same everywhere, nor on every server of a kind. */
export interface Abilities {
  /**
   * `beforehand`: rows that others hold are left out of a lock. `atCommit`: a row that others changed meanwhile makes the
   * whole transaction fail with `CONFLICT`, which names no row.
   */
  readonly lock: 'beforehand' | 'atCommit';
  /** A number of the jobs table that is raised where a job is relied on and not changed, so that the commit can tell. */
  readonly fence: string | null;
  /** Whether a transaction is written whole or not at all. `false`: every row by itself, guarded by how it was read. */
  readonly atomic: boolean;
}

/**
 * One open transaction at READ COMMITTED, as the protocol uses it: the only way to the tables. Each method is a fixed
 * number of statements, however many rows it is given, and each statement sees what was committed when it began.
 */
export interface Tx extends SingleRows {
  readonly abilities: Abilities;
  /** The database's clock in microseconds since 1970, read once. */
  readonly now: bigint;

  page(query: Query): Promise<Row[]>;

  /** Counts rows, for several questions in one statement where that can be. */
  count(...queries: readonly CountQuery[]): Promise<Counted[]>;

  /** Sums rows up, in one statement: by the earliest span first, and no group that has no row. */
  sums(query: SumQuery): Promise<Summed[]>;

  /**
   * Locks the rows with these keys that meet a condition on their own columns, ascending by key, and never waits. `held`
   * are those that meet it as far as one can see, and that others hold.
   *
   * @param mode `share`: others may lock them so as well, where the database knows such a lock; nobody may change them.
   * Default: `update`.
   */
  lock(table: Table, keys: readonly Key[], selection: Selection, where: Condition, mode?: LockMode): Promise<Locked>;

  /** The rows that hang on others, as they are now. */
  related(query: RelatedQuery): Promise<Row[]>;

  /**
   * The same of locked rows, and locks them, and never waits. Rows that others hold are missing from the page; `held` are
   * the parents of such rows where the database names them.
   */
  lockRelated(query: RelatedQuery): Promise<Locked>;

  /** How many rows hang on each of some others, by `keyText` of these; none where there are none. */
  countRelated(link: Link, parents: readonly Key[], where: Condition): Promise<ReadonlyMap<string, number>>;

  /**
   * Changes rows and returns those that were changed, as they are now. Where locks are found at the commit of a transaction,
   * and fewer were changed than were given, only their number has to be right: the whole transaction is given up then.
   */
  update(table: Table, update: Update): Promise<Row[]>;

  /**
   * Adds rows, each with what all of them have and some texts of its own: those of columns that hold texts. Keys that are
   * not given are the table's to make, higher in each later row.
   */
  insertAll(table: Table, same: Assignments, each: readonly RowTexts[]): Promise<void>;

  /**
   * Deletes rows that meet the guard, and returns the keys of those that it deleted; of rows that nobody has locked, and as
   * above, only their number has to be right.
   */
  remove(table: Table, rows: readonly Row[], guard: Condition): Promise<Key[]>;

  /**
   * Adds copies of rows to another table, each column to the letter, and returns how many. Rejects with `SCHEMA_MISMATCH`
   * where a column is missing there or does not hold every value of it, also where that has become so a moment ago; with
   * `ROW_REJECTED` where there is a row with the key of one.
   */
  copy(copy: Copy): Promise<number>;
}

/**
 * A kind of database, through one library: what `createRepository` needs to keep every promise of the port. A driver knows
 * nothing of jobs.
 *
 * @example
 * class MyRepository extends DriverRepository<Connection> {
 *   constructor(pool: Pool) {
 *     super(new MyDriver(pool), {});
 *   }
 * }
 */
export interface Driver<Session> {
  /**
   * The transaction behind a handle of the library. Rejects with `SESSION_NOT_IN_TRANSACTION` where it is none, and with
   * `ISOLATION_UNSUPPORTED` where it is to write and is not at READ COMMITTED.
   */
  open(session: Session, use: 'read' | 'write'): Promise<Tx>;

  /** Any error of the database in jobsweep's words; errors of jobsweep's own as they are. */
  translate(error: unknown): unknown;

  /** For databases whose values have types that their texts do not tell. Absent: a text is all there is to a value. */
  readonly values?: DriverValues;

  /**
   * For databases that find nothing in a table that is not there, and make it with its first row: rejects with
   * `SCHEMA_MISMATCH` where there is none. Absent: every statement says so by itself.
   */
  requireTable?(table: Table): Promise<void>;

  /**
   * For databases with foreign keys: those by which rows go with rows of some tables, that of the jobs first, and with those in
   * turn, where they are of a table that is not known. Absent: there are none.
   */
  cascades?(session: Session, tables: readonly Table[], known: readonly Table[]): Promise<readonly Cascade[]>;

  /** Whether it reads columns that a table borrows. Absent: allocations cannot name their job through another table. */
  readonly borrows?: boolean;

  /** For databases that keep the transaction of a client that is gone, and all that it holds. Absent: it ends with it. */
  readonly serverSessions?: ServerSessions<Session>;
}

/** What a server calls the sessions that transactions run in, and how somebody else ends one. */
export interface ServerSessions<Session> {
  /** A text that names the one of an open transaction; `undefined`: it is in no transaction. */
  nameOf(session: Session): string | undefined;
  /** Rolls back what is open in one. Does nothing where this user may not, or nothing is open. */
  end(name: string): Promise<void>;
}

/** A foreign key by which the database itself deletes rows when those that they point at are deleted. */
export interface Cascade {
  /** The table that has it, with its schema where that is not the one of the jobs. */
  readonly table: string;
  /** The one of the known tables that this is. `null`: none of them. */
  readonly known: Table | null;
  readonly columns: readonly string[];
  readonly constraint: string;
  /** The table that it points at, named as above. */
  readonly to: string;
}

/** How exact values look at the port. */
export interface DriverValues {
  /** A value as people write it. */
  shown(exact: Exact): string;
  /** The raw value of a state column; `null` where it is neither a text nor a number. */
  raw(exact: Exact): RawState | null;
  /** The keys that a row made by hand may have, of which only its text is known. */
  keys(table: Table, text: string): Key[];
}
