import type { CleanupStore, Clock } from '@jobsweep/core';

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

/** Columns of either table. Of a time, `now` is the server's own clock when the row is written. */
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
}

/** A connection of its own through the plain driver: the rest of the cluster, which knows nothing of jobsweep. */
export interface OtherSide {
  begin(): Promise<void>;
  /** Acts in the transaction it has begun, or each by itself. `refused`: a foreign key forbids it. */
  act(action: Change | Insertion): Promise<'done' | 'refused'>;
  /** Locks a row as an application does that is about to change it. */
  lock(table: TableName, id: string): Promise<void>;
  /** Ends its transaction; without one, nothing happens. */
  end(how: 'commit' | 'rollback'): Promise<void>;
  /** Whether its statement waits for a lock that others hold, as the server sees it. */
  isBlocked(): Promise<boolean>;
}

/** An adapter on a database of the suite's own: all that the suite needs of both. */
export interface Cluster<Session extends object> {
  /** A store of the adapter under test on the two tables. */
  store(options?: SuiteStoreOptions): CleanupStore<Session>;
  /** Adds rows, through the plain driver. */
  seed(rows: Seed): Promise<void>;
  /** Every row, whole, through the plain driver. */
  read(): Promise<Tables>;
  /** Deletes every row. */
  clear(): Promise<void>;
  /** The server's clock, as ISO 8601 in UTC with microseconds. */
  now(): Promise<string>;
  readonly second: OtherSide;
  /** Closes all that `open` opened. */
  close(): Promise<void>;
}

/** What the suite is run on. */
export interface ContractSubject<Session extends object> {
  /** Adapter and engine, as the closing table names them: `repo-knex on MariaDB`. */
  readonly name: string;
  /** Makes a database with the two tables, empty, and connects to it. */
  open(): Promise<Cluster<Session>>;
  /** The smallest step between two times, in microseconds. Default: 1. */
  readonly precisionMicros?: number;
}
