import type { IndexAdvice, ReadCost, SchemaMistake, ServerInfo, WantedIndex as Wanted } from '@jobsweep/core';
import type { Sql } from './driver/sql.js';
import type { SqlSession } from './library.js';
import type { TableName } from './rows/tables.js';

/** What a server says of itself. */
type ServerFacts = Pick<ServerInfo, 'product' | 'version' | 'timeZone' | 'isWritable'>;

/** A table or view as it is. */
export interface Relation {
  /** `view`: the server passes writes on to the table behind it. */
  readonly kind: 'table' | 'view' | 'readOnlyView';
  readonly columns: readonly string[];
  /** Those that the server makes of others. */
  readonly generated: readonly string[];
  /** Whether the server keeps rows of it from this user, by rules of its own. */
  readonly hidesRows: boolean;
  /** Its storage engine, where that has no transactions. */
  readonly unsafeEngine: string | null;
}

/** Several nodes that take writes. */
export type Writers = Pick<Extract<SchemaMistake, { kind: 'writers' }>, 'cluster' | 'nodes'>;

/** An index that some strategies look for rows in, under the name that it gets. */
export interface WantedIndex extends Pick<Wanted, 'only' | 'order' | 'strategies'> {
  readonly name: string;
  readonly table: TableName;
}

/** How a wanted index is made on a server, and what is there already. */
export interface IndexFacts {
  /** The table as a statement names it. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly statement: string;
  readonly servedBy: string | null;
  /** An index has the wanted name and does not serve: it is another one. */
  readonly isTaken: boolean;
}

/** An index that is to be made. */
export type NamedIndex = Pick<IndexAdvice, 'name' | 'table' | 'statement'>;

/** A foreign key that points at the jobs table. */
export interface ForeignKey {
  readonly table: TableName & { readonly schema: string };
  readonly columns: readonly string[];
  readonly constraint: string;
  readonly onDelete: 'blocks' | 'cascades' | 'sets';
  readonly isIndexed: boolean;
}

/** The privileges that a user can have on a table or on columns of it. */
export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Something that a user has to be allowed. */
export interface Need {
  readonly privilege: Privilege;
  readonly table: TableName;
  /** `null`: on the whole table. */
  readonly columns: readonly string[] | null;
  /** It is for nothing but locking rows, which the privilege on any column allows as well. */
  readonly isForLocks?: boolean;
}

/** What a user is not allowed, of a need or of what leads to its table. */
export interface MissingNeed {
  readonly privilege: Privilege | 'USAGE';
  readonly on: string;
  readonly table: TableName;
  readonly columns: readonly string[] | null;
}

/** Asks something in a transaction of its own; one in which a statement failed is of no use any more. */
export type Ask = <Answer>(
  question: (session: SqlSession) => Promise<Answer>,
  options?: { readonly readOnly: boolean },
) => Promise<Answer>;

/** What differs between the servers in how they tell of themselves and of the tables that they hold. */
export interface Catalog {
  server(session: SqlSession): Promise<ServerFacts>;
  /** The nodes beside this one that take writes and know nothing of its locks; `undefined` where there are none. */
  writers(ask: Ask): Promise<Writers | undefined>;
  /** `undefined`: there is none of this name, or the user may not see it. */
  relation(session: SqlSession, table: TableName): Promise<Relation | undefined>;
  /** What the type of a column allows, where it is an enum; nothing where it is none. */
  enumMembers(session: SqlSession, table: TableName, column: string): Promise<string[]>;
  /** Tables that there are, a thousand at most; without a schema those of the connection's own. */
  tableNames(session: SqlSession, schema: string | undefined): Promise<string[]>;
  /** The names of indexes are cut to so many bytes. */
  readonly maxNameLength: number;
  index(session: SqlSession, wanted: WantedIndex): Promise<IndexFacts>;
  /** Tells whether any index of a table finds some rows in an order. */
  orders(session: SqlSession, table: TableName): Promise<(wanted: Pick<WantedIndex, 'only' | 'order'>) => boolean>;
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
  /** Runs a query and tells what that cost. */
  explain(session: SqlSession, query: Sql): Promise<ReadCost>;
  /** The privileges that allow to lock rows: one of them is enough. None: whoever may read a row may lock it. */
  lockPrivileges(session: SqlSession): Promise<readonly Privilege[]>;
  /** What the connection's own user lacks of some needs. */
  missing(ask: Ask, needs: readonly Need[]): Promise<MissingNeed[]>;
  /** The statements that give a user just what the needs say. */
  grants(session: SqlSession, user: string, needs: readonly Need[]): Promise<string[]>;
}
