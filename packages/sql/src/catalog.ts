import type {
  Catalog,
  ColumnKind,
  DuePartition,
  IndexAdvice,
  ReadCost,
  SchemaMistake,
  ServerInfo,
  Table,
  TableFacts,
} from '@jobsweep/core';
import type { Sql } from './driver/sql.js';
import type { SqlSession } from './library.js';

/** What a server says of itself. */
type ServerFacts = Pick<ServerInfo, 'product' | 'version' | 'timeZone' | 'isWritable'>;

/** Several nodes that take writes. */
export type Writers = Pick<Extract<SchemaMistake, { kind: 'writers' }>, 'cluster' | 'nodes'>;

/** A table by its name. */
export type TableName = Pick<Table, 'schema' | 'name'>;

/** An index that is to be made. */
export type NamedIndex = Pick<IndexAdvice, 'name' | 'table' | 'statement'>;

/** What keeps a partition. */
export interface Kept {
  /** The partition under its alias, as in `from`. */
  readonly aliased: Sql;
  readonly where: Sql;
  /** The tables that the condition looks into. */
  readonly tables: readonly TableName[];
}

/** A foreign key that points at some table. */
export interface ForeignKey {
  readonly table: TableName & { readonly schema: string };
  readonly columns: readonly string[];
  readonly constraint: string;
  /** The columns that it points at, in the same order. */
  readonly to: readonly string[];
  readonly onDelete: 'blocks' | 'cascades' | 'sets';
  readonly isIndexed: boolean;
}

/** The privileges that a user can have on a table or on columns of it. */
export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** A privilege that a user has to have. */
export interface Right {
  readonly privilege: Privilege;
  readonly table: TableName;
  /** `null`: on the whole table. */
  readonly columns: readonly string[] | null;
  /** It is for nothing but locking rows, which the privilege on any column allows as well. */
  readonly isForLocks?: boolean;
}

/** What a user is not allowed, of a right or of what leads to its table. */
export interface MissingRight {
  readonly privilege: Privilege | 'USAGE';
  readonly on: string;
  readonly table: TableName;
  readonly columns: readonly string[] | null;
}

/** The types of columns by what they hold. */
export interface ColumnTypes {
  /** Those that are wide enough for today: milliseconds overflowed 32 bits in January 1970. */
  readonly of: Readonly<Record<ColumnKind, readonly string[]>>;
  /** Those that certainly hold something else. */
  readonly others: readonly string[];
  /** See `Catalog.typeIsInexact`: those that are rounded as they are read, read as bytes, or not to be compared at all. */
  readonly inexact: readonly string[];
}

/** Asks something in a transaction of its own; one in which a statement failed is of no use any more. */
export type Ask = <Answer>(
  question: (session: SqlSession) => Promise<Answer>,
  options?: { readonly readOnly: boolean },
) => Promise<Answer>;

/** What differs between the servers in how they tell of themselves and of the tables that they hold. */
export interface ServerCatalog extends Pick<Catalog, 'hasPartialIndexes' | 'maxNameBytes'> {
  readonly types: ColumnTypes;
  server(session: SqlSession): Promise<ServerFacts>;
  /** The nodes beside this one that take writes and know nothing of its locks; `undefined` where there are none. */
  writers(ask: Ask): Promise<Writers | undefined>;
  /** See `Catalog.table`. */
  table(ask: Ask, table: TableName, named: readonly string[]): Promise<TableFacts | undefined>;
  /** The names of tables, as rows of `{ name }`, a thousand at most; without a schema those of the connection's own. */
  names(schema: string | undefined): Sql;
  /**
   * All tables but views, partitions and the server's own, as rows of `{ tschema, name, own, n }`, a thousand at most: `own` is
   * `true` where a statement finds it without its schema, and `n` an estimate of its rows, negative where there is none.
   */
  readonly tables: Sql;
  /**
   * Columns of the tables there whose names are some of these in lower case and without underscores, as rows of
   * `{ tname, cname }`, a thousand at most. Partitions are none of the tables.
   */
  columnsNamed(schema: string | undefined, names: readonly string[]): Sql;
  /** See `Catalog.indexStatement`. */
  indexStatement(session: SqlSession, ...of: Parameters<Catalog['indexStatement']>): Promise<string>;
  /**
   * Makes an index on a connection that is in no transaction, and leaves the connection as it was. An unfinished one of
   * the same name is made again.
   *
   * @param signal ends waiting for others who make the same one.
   */
  makeIndex(
    session: SqlSession,
    index: NamedIndex,
    options: { readonly lockTimeoutSeconds: number; readonly signal: AbortSignal | undefined },
  ): Promise<void>;
  /** The foreign keys of all schemas that point at a table; `schema` is the one that this table is in. */
  foreignKeys(session: SqlSession, table: TableName): Promise<{ schema: string; keys: ForeignKey[] }>;
  /** See `Catalog.partitions`. `stays`: what keeps a partition, as SQL on its rows. */
  readonly partitions?: {
    of(session: SqlSession, table: TableName, limit: number): Promise<TableName[]>;
    dropping(session: SqlSession, table: TableName, partition: TableName, stays: Kept): Promise<DuePartition>;
  };
  /** Who keeps deleted rows, as rows of `{ holder, seconds }`, the oldest first, five at most. */
  readonly snapshots: Sql;
  /** Runs a query and tells what that cost. */
  explain(session: SqlSession, query: Sql): Promise<ReadCost>;
  /** The privileges that allow to lock rows: one of them is enough. None: whoever may read a row may lock it. */
  readonly lockPrivileges: readonly Privilege[];
  /** What the connection's own user lacks of some rights. */
  missing(ask: Ask, rights: readonly Right[]): Promise<MissingRight[]>;
  /** The statements that give a user just these rights. */
  grants(session: SqlSession, user: string, rights: readonly Right[]): Promise<string[]>;
}
