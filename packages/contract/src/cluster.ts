import type {
  CleanupStore,
  Clock,
  ConnectionOptions,
  Driver,
  FilterOptions,
  Mapped,
  SchemaOptions,
  StoreParts,
  TimeCodec,
} from '@jobsweep/core';

/** The two tables of the port. */
export type TableName = 'jobs' | 'allocations';

/** A value of a column: text as the port has it, a time as ISO 8601 in UTC with microseconds, NULL. */
export type Value = string | null;

/**
 * A job in the words of the port. `state` may be any text, known or not. The columns after `exitCode` have the same
 * names in the database, and jobsweep knows nothing of them until filters name them.
 */
export interface JobRow {
  readonly id: string;
  readonly name: Value;
  readonly state: Value;
  readonly startTime: Value;
  readonly endTime: Value;
  readonly errorMsg: Value;
  readonly exitCode: Value;
  /** An integer. */
  readonly tenant: Value;
  /** A boolean: `true` or `false`. */
  readonly pinned: Value;
  /** A time. */
  readonly heartbeat: Value;
  readonly note: Value;
}

/** An allocation in the words of the port, and a `note` that jobsweep knows nothing of. */
export interface AllocationRow {
  readonly id: string;
  readonly jobId: Value;
  readonly status: Value;
  readonly allocationTime: Value;
  readonly releasedTime: Value;
  readonly note: Value;
}

/**
 * Columns of either table. Of a time, `now` is the server's own clock when the row is written. A state that the layout
 * maps is written as the first of its raw values, and read back as the state; any other text stands for itself.
 */
export type Columns = Partial<Record<keyof JobRow | keyof AllocationRow, Value>>;

/** Rows to add; columns that are not named are NULL. */
export interface Seed {
  readonly jobs?: readonly Columns[];
  readonly allocations?: readonly Columns[];
}

/** Both tables, each ordered by id as numbers. */
export interface Tables {
  readonly jobs: readonly JobRow[];
  readonly allocations: readonly AllocationRow[];
}

/** What an application does to rows: it changes or deletes those that equal `where` in all its columns. */
export interface Change {
  readonly table: TableName;
  readonly where: Columns;
  /** Except rows that equal this in any column. */
  readonly unless?: Columns;
  readonly set: Columns | 'delete';
}

/** A row that an application adds. */
export interface Insertion {
  readonly table: TableName;
  readonly insert: Columns;
}

/** Options that the suite gives to the factory of the store. */
export interface SuiteStoreOptions {
  readonly clock?: Clock;
  readonly lockTimeoutSeconds?: number;
  readonly maxAttempts?: number;
  /** Default: the one of the cluster's layout. */
  readonly schema?: SchemaOptions;
  /** Whether rows that are deleted are kept in the archive of the cluster: `schema.archive`. Default: `false`. */
  readonly archive?: boolean;
  readonly filters?: FilterOptions;
}

/**
 * A kind of value that id columns hold; `bigint` ones are beyond 2^53. `pair`: two columns, a number and a text, which the
 * mapping of the layout names; the port's id of `{ 7, 'a' }` is `["7","a"]`.
 */
export type IdKind = 'number' | 'bigint' | 'uuid' | 'text' | 'objectId' | 'pair';

/** How the two tables of a cluster look. */
export interface Layout {
  /** How they are mapped: they have the mapped names, and types that fit. Default: the adapter's own defaults. */
  readonly schema?: SchemaOptions;
  /** Default: `number`. */
  readonly ids?: IdKind;
  /** Whether text columns have a collation for which `a` is `A`. Default: `false`. */
  readonly isCaseless?: boolean;
  /** Whether no foreign key ties allocations to jobs. Default: `false`; where there are none, it says nothing. */
  readonly isUnreferenced?: boolean;
}

/** What an adapter offers, so that of two opposite tests the right one runs. Whatever is left out is as it says here. */
export interface SuiteCapabilities {
  /** As of the store. Default: `true`. */
  readonly transactions?: boolean;
  /** As of the store. Default: `true`. */
  readonly skipsLocked?: boolean;
  /** As of the store. Default: `true`. */
  readonly readFence?: boolean;
  /** The codecs of time columns, when the store takes the option `schema`; `false`: it refuses it. Default: all. */
  readonly mapping?: false | readonly TimeCodec[];
  /**
   * Whether the store can tell when a job was queued. Then `open` makes the layout whose `createdTime` is `heartbeat`, also
   * where there is no mapping. Default: `true` with a mapping, otherwise `false`.
   */
  readonly createdTime?: boolean;
  /** Default: `number`, `bigint`, `uuid`, `text` and `pair`. */
  readonly ids?: readonly IdKind[];
  /** Whether the store makes tables of its own; otherwise claims and history refuse everything. Default: `true`. */
  readonly ownTables?: boolean;
  /** Whether other processes can open a store on the same tables. Default: `true`. */
  readonly processes?: boolean;
  /** Whether the server ends a transaction that is idle for `idleTimeoutSeconds`. Default: `true`. */
  readonly endsIdle?: boolean;
  /** Whether the store can keep deleted rows. Default: `true` with a mapping, otherwise `false`. */
  readonly archive?: boolean;
  /** Whether the database has text columns for which `a` is `A`: the layout `isCaseless`. Default: `true`. */
  readonly caseless?: boolean;
}

/**
 * A connection of its own through the plain driver: the rest of the cluster, which knows nothing of jobsweep.
 *
 * Where the database locks no rows (`skipsLocked` is `false`), it does its duty: when it inserts an allocation, moves one
 * to a job, or sets the status of one to anything but RELEASED, it touches the fence of the job that the allocation then
 * belongs to, in the same transaction, and is refused where there is no such job.
 */
export interface Application {
  /**
   * Acts in the open transaction or, without one, by itself. Gives the number of rows that it changed; `refused`: a
   * foreign key forbids it, or whatever else keeps allocations from having no job.
   */
  act(action: Change | Insertion): Promise<number | 'refused'>;
  /** Locks a row as an application does that is about to change it; gives whether it is there. */
  lock(table: TableName, id: string): Promise<boolean>;
  /** Jobs and their allocations, as this connection sees them. */
  find(jobIds: readonly string[]): Promise<Tables>;
  /** Runs `work` in a transaction and commits, as applications do: again from its start when a conflict ended it. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The application whose transactions the suite holds open, to act in the middle of them. */
export interface OtherSide extends Pick<Application, 'act' | 'lock'> {
  begin(): Promise<void>;
  /** Ends its transaction; without one, nothing happens. */
  end(how: 'commit' | 'rollback'): Promise<void>;
  /** Whether it is held up by others now, as the server sees it. */
  isBlocked(): Promise<boolean>;
}

/** jobsweep's own tables, through the plain driver. */
export interface OwnTablesSide {
  /** Drops those that are there. */
  drop(): Promise<void>;
  /** Runs a statement of the store's `ddl`. Left out, the statements are for another program, and are only looked at. */
  run?(statement: string): Promise<void>;
  /** Moves all times of claims so many seconds into the past, as if they had gone by. Waits for whoever holds them. */
  age(seconds: number): Promise<void>;
}

/** The archive of both tables: beside each one with its columns, called like it with `_archive` behind. */
export interface ArchiveSide {
  /** Every row of it, through the plain driver. `clear` of the cluster deletes them too. */
  read(): Promise<Tables>;
}

/** What an adapter is made of where it is a driver of core's protocol, for `describeDriver`. */
export interface Driven<Session extends object> {
  readonly driver: Driver<Session>;
  /** The two tables, as the driver is given them: `context.mapped` of a `DriverRepository`. */
  readonly mapped: Mapped;
  /**
   * Runs `work` once in a transaction of the driver's own kind, such as the store's, commits, and rolls back when `work`
   * rejects. Where the server has no transactions it hands on a session without one.
   *
   * @param isolation one of `isolations`: a transaction that people begin themselves with the library.
   */
  transaction<Result>(work: (session: Session) => Promise<Result>, isolation?: string): Promise<Result>;
  /** The levels at which they can begin one, as `read committed`. Default: none, since there are no levels. */
  readonly isolations?: readonly string[];
}

/** How another process opens a store on the tables of a cluster. */
export interface Elsewhere {
  /** The URL of an ESM file that exports `openStore`, as `AdapterModule` of core has it. */
  readonly module: string;
  readonly connection: ConnectionOptions;
  /** What `openStore` takes besides; JSON. */
  readonly options?: object;
}

/** An adapter on a database of the suite's own: all that the suite needs of both. */
export interface Cluster<Session extends object> {
  /**
   * A store of the adapter under test on the two tables.
   *
   * @param parts of core that differ from the standard, for `describeVariants`. The repository takes `parts.operations` and
   * `createService` takes `parts.turns`; left out of what an adapter does, it cannot be broken.
   */
  store(options?: SuiteStoreOptions, parts?: StoreParts): CleanupStore<Session>;
  /** Adds rows, through the plain driver. */
  seed(rows: Seed): Promise<void>;
  /** Every row, whole, through the plain driver. */
  read(): Promise<Tables>;
  /** Deletes every row. */
  clear(): Promise<void>;
  /** The server's clock, as ISO 8601 in UTC with microseconds. */
  now(): Promise<string>;
  readonly second: OtherSide;
  /** One more connection of the application. */
  connect(): Promise<Application>;
  /** Left out when the store keeps no deleted rows. */
  readonly archive?: ArchiveSide;
  /** Left out when the store makes no tables of its own. */
  readonly own?: OwnTablesSide;
  /** Left out when there are no other processes. */
  readonly elsewhere?: Elsewhere;
  /** Left out when the adapter implements the port by hand. */
  readonly driven?: Driven<Session>;
  /** Closes all that `open` opened. */
  close(): Promise<void>;
}

/** What the suite is run on. */
export interface ContractSubject<Session extends object> {
  /** Adapter and engine, as the closing table names them: `repo-knex on MariaDB`. */
  readonly name: string;
  /** Makes a database with the two tables, empty, and connects to it. Of other layouts only when its capabilities say so. */
  open(layout?: Layout): Promise<Cluster<Session>>;
  /** The smallest step between two times, in microseconds. Default: 1. */
  readonly precisionMicros?: number;
  /** The name of the id column of both tables. Default: `id`. */
  readonly idColumn?: string;
  readonly capabilities?: SuiteCapabilities;
  /** Transactions of the application in the randomised races. Default: 1000. */
  readonly interleavings?: number;
}
