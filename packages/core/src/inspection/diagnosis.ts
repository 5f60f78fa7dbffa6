import type { StrategyName } from '../strategies/names.js';
import type { Rule } from '../strategies/rule.js';
import type { InspectOptions } from './inspect-options.js';

/** A value of a state column that the mapping does not know. Rows with it are never written. */
export interface UnknownState {
  readonly table: 'jobs' | 'allocations';
  /** The raw value, as text. `null`: NULL, or no such field. Absent where conditions tell the states. */
  readonly value?: string | null;
  /** Where conditions tell the states: how many of them such a row meets. */
  readonly meets?: 'none' | 'several';
  /** Rows that have it; `atMost` means "this many or more". 0: its type allows it, and no row has it. */
  readonly rows: number;
}

/** Of which rows the states are looked at. */
export interface UnknownStatesOptions extends InspectOptions {
  /** Counts stop here; 1 to 10 million. Default: 10000. */
  readonly atMost?: number;
  /** Only so many rows of each table, those with the greatest ids: a look that costs next to nothing. Default: all rows. */
  readonly newest?: number;
}

/** An index that strategies need, whether it is there or not. */
export interface IndexAdvice {
  /** The name that the statement gives it. */
  readonly name: string;
  /** Its table, with its schema where one is set. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly strategies: readonly StrategyName[];
  /** The exact statement that makes it, without locking out writes where the engine can. */
  readonly statement: string;
  /** The existing index that serves as well; `null`: it is missing. */
  readonly servedBy: string | null;
  /** The table is a view: nothing can be made on it, and what the tables behind it have is not known. */
  readonly isView?: boolean;
}

/** What it costs to look for the due rows of a rule: one page, as a pass does it. */
export interface ReadCost {
  readonly durationMs: number;
  /** Rows or documents that the server went through, as it tells itself. `null`: it does not tell. */
  readonly rowsExamined: number | null;
  /** The server's own plan, as text. */
  readonly plan: string;
}

/**
 * A foreign key that points at the jobs table, or at one whose rows are deleted with a job; or columns that look like a link
 * to jobs and have no foreign key.
 */
export interface JobReference {
  /** The table that has it, with its schema where that is another one. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Its name; `null`: there is no foreign key. */
  readonly constraint: string | null;
  /** The table that it points at, where that is not the jobs table: rows of it are deleted with their job. */
  readonly through?: string;
  /**
   * What it does when a job is deleted: refuse, delete the rows that point at it, or set their column; `nothing`: these rows
   * stay, and name a job that is gone.
   */
  readonly onDelete: 'blocks' | 'cascades' | 'sets' | 'nothing';
  /** Whether an index begins with its columns: without one every delete of a job reads the whole table. */
  readonly isIndexed: boolean;
  /** What it is mapped as, where its rows are deleted before the job, or keep it; `null`: it is not mapped. */
  readonly mappedAs: 'allocations' | 'dependents' | null;
}

/** A partition of the jobs table that goes as a whole: every row is due for old_job_cleanup, and nothing hangs on any. */
export interface DuePartition {
  /** Its name, with its schema. */
  readonly partition: string;
  /** A script that locks it, proves all of that again, and then takes it away; for people, who may want to keep its rows elsewhere. */
  readonly statement: string;
}

/** What keeps deleted rows in the tables, since it may still have to see them. Whoever looks for rows reads past those. */
export interface OldSnapshot {
  /** The session, prepared transaction or replication slot, as the database names it. */
  readonly holder: string;
  /** How old its view of the data may be; `null`: the database does not tell. */
  readonly ageSeconds: number | null;
}

/** A privilege that the user of the connection needs and does not have. */
export interface MissingPrivilege {
  readonly privilege: string;
  /** What it is on: a table, columns of one, a database. */
  readonly on: string;
  readonly strategies: readonly string[];
}

/** For which strategies, and whether jobsweep's own tables are used. */
export interface PrivilegeOptions extends InspectOptions {
  /** A rule for its name tells more: with `requeue` other columns are written. */
  readonly strategies: readonly (StrategyName | Rule)[];
  readonly ownTables: boolean;
}

/**
 * What there is to know about tables that already exist before jobsweep runs on them. Everything is read-only but
 * `createIndex`, and bounded like every other statement.
 */
export interface StoreDiagnosis {
  /** Values of state columns that nobody mapped, and members of their enums. */
  unknownStates(options?: UnknownStatesOptions): Promise<UnknownState[]>;
  /**
   * The indexes that strategies need on these tables, for this mapping and these filters. A rule for its name tells more: with
   * `silentMinutes` stuck jobs are looked for by their start.
   */
  indexes(strategies: readonly (StrategyName | Rule)[], options?: InspectOptions): Promise<IndexAdvice[]>;
  /** Makes one of them. May take as long as the table is large; ends with `signal`. */
  createIndex(advice: IndexAdvice, options?: InspectOptions): Promise<void>;
  /** Measures what a rule costs to look for, by running its query once. */
  cost(rule: Rule, options?: InspectOptions): Promise<ReadCost>;
  /** Foreign keys that point at the jobs table. `null`: the database has no foreign keys. */
  references(options?: InspectOptions): Promise<JobReference[] | null>;
  /**
   * The oldest partitions of the jobs table, ten at most, that a purge need not delete row by row. Of partitions by range, on
   * PostgreSQL; elsewhere none. Reads up to fifty of them, and each for five seconds at most.
   */
  duePartitions(rule: Extract<Rule, { name: 'old_job_cleanup' }>, options?: InspectOptions): Promise<DuePartition[]>;
  /**
   * The five oldest of what keeps deleted rows from being cleared away, as far as this user may know. `null`: the database does
   * not tell, or not this user.
   */
  oldSnapshots(options?: InspectOptions): Promise<readonly OldSnapshot[] | null>;
  /** Allocations whose job does not exist, up to `atMost`, 10000 by default. `null`: there is no allocations table. */
  orphans(options?: InspectOptions & { readonly atMost?: number }): Promise<number | null>;
  /** What the connection's own user may not do and must. */
  missingPrivileges(options: PrivilegeOptions): Promise<MissingPrivilege[]>;
  /** The statements that give a user exactly what these strategies need, and nothing more. */
  grants(user: string, options: PrivilegeOptions): Promise<string[]>;
}
