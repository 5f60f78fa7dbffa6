import type { StrategyName } from '../strategies/names.js';
import type { Rule } from '../strategies/rule.js';
import type { StoreDiagnosis } from './diagnosis.js';
import type { InspectOptions, SchemaInspectOptions } from './inspect-options.js';
import type { SchemaMistake } from './schema-mistake.js';
import type { StoreSurvey } from './survey.js';

/** Something found in how the mapping and the real tables fit together. */
export interface SchemaFinding {
  /** `error`: a mistake, with which nothing may be written. `warning`: to be known. Default: `error`. */
  readonly severity?: 'error' | 'warning';
  /** The strategies that it is about. Default: all of them. */
  readonly strategies?: readonly StrategyName[];
  /**
   * Where, as a path into the options of the store: `schema.jobs.columns.startTime`, `touch.jobs.now[0]`; or into those of the
   * strategies: `stuck_job_cleanup.requeue.triesColumn`.
   */
  readonly path: string;
  /** What is wrong. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
  /** The same for those who put it into words of their own; `schemaFinding` makes all of it. */
  readonly mistake?: SchemaMistake;
}

/** How far counting goes. */
export interface TotalsOptions extends InspectOptions {
  /** Each count stops here; 1 to 10 million. Default: 10000. */
  readonly atMost?: number;
  /** Whether to look at what due jobs still hold, which takes a look at the allocations of each. Default: `false`. */
  readonly holding?: boolean;
  /** Whether to count what goes with the jobs that are deleted. Default: `false`. */
  readonly dependents?: boolean;
}

/** Rows of a table that go with the jobs which a purge deletes. */
export interface DependentCount {
  readonly table: string;
  readonly rows: number;
  /** There are, or may be, more: counting ends with the first 1000 jobs and with 5000 rows of a table. */
  readonly hasMore: boolean;
}

/** How much a rule matches now, and of what. Only what the store's filters let through counts. */
export interface Totals {
  /** Rows that are due. `atMost` means "this many or more". */
  readonly due: number;
  /**
   * What `due` is a share of, up to `atMost`: unreleased allocations of completed_job_cleanup, RUNNING jobs of
   * stale_reservation_cleanup and stuck_job_cleanup, finished jobs of old_job_cleanup.
   */
  readonly population: number;
  /**
   * The age of the oldest row that is due, by the database's clock: since its endTime, allocationTime, startTime and
   * endTime, in the order of the rules. `null`: nothing is due, or nothing that is due has a time. Where `due` stops at
   * `atMost`, that of completed_job_cleanup is of the rows that were counted.
   */
  readonly oldestAgeSeconds: number | null;
  /** Rows of the population that no age can ever make due, since their time is not set; up to `atMost`. */
  readonly undated: number;
  /**
   * Due jobs of old_job_cleanup that cannot be deleted, since they still hold an allocation that is not RELEASED; of
   * those that `due` counts. Absent: it was not asked for, or the rule deletes nothing.
   */
  readonly holding?: number;
  /** What goes with the first due jobs of old_job_cleanup, by table. Absent: as above. */
  readonly dependents?: readonly DependentCount[];
}

/** The server that a store talks to. */
export interface ServerInfo {
  /** `PostgreSQL`, `MySQL`, `MariaDB`, `MongoDB`, or what it says it is. */
  readonly product: string;
  readonly version: string;
  /** Its clock, at some moment between the question and the answer. */
  readonly now: Date;
  /** The time zone of a session, as the server names it. */
  readonly timeZone: string;
  /** Whether it takes writes: `false` for a standby, and for a server that was set to read-only, whatever this user may. */
  readonly isWritable: boolean;
}

/** How a query of the user's runs. */
export interface MeasureOptions extends InspectOptions {
  /** How long it may take. Default: the store's `statementTimeoutSeconds`. */
  readonly timeoutSeconds?: number;
}

/** Looks at the database without changing it. */
export interface StoreInspection {
  /**
   * Compares the mapping, and what `rules` name, with the real tables: missing tables and columns, types that do not fit their codec, times that lie
   * ahead. Reads no rows but a hundred or two for each time that an index has in order.
   */
  schema(options?: SchemaInspectOptions): Promise<readonly SchemaFinding[]>;
  /** Counts what a rule matches, in read-only transactions. */
  totals(rule: Rule, options?: TotalsOptions): Promise<Totals>;
  server(options?: InspectOptions): Promise<ServerInfo>;
  /**
   * The number that a query of the user's answers with, in one row of one column; `null`: NULL. It runs in a read-only
   * transaction. Rejects with `INVALID_OPTION` for any other answer. Absent: the database is asked by no text.
   */
  measure?(query: string, options?: MeasureOptions): Promise<number | null>;
  /** What `jobsweep doctor` asks besides. Absent: the adapter has none. */
  readonly diagnosis?: StoreDiagnosis;
  /** What `jobsweep init` asks before anything is mapped; it takes no notice of the mapping. Absent: the adapter has none. */
  readonly survey?: StoreSurvey;
}
