import type { Rule } from '../strategies/rule.js';
import type { StoreDiagnosis } from './diagnosis.js';

/** Ends a look at the database. */
export interface InspectOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A mistake found in how the mapping and the real tables fit together. */
export interface SchemaFinding {
  /** Where, as a path into the `schema` option, `jobs.columns.startTime`, or from another one: `touch.jobs.now[0]`. */
  readonly path: string;
  /** What is wrong. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
}

/** How far counting goes. */
export interface TotalsOptions extends InspectOptions {
  /** Each count stops here; 1 to 10 million. Default: 10000. */
  readonly atMost?: number;
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
}

/** Looks at the database without changing it. */
export interface StoreInspection {
  /** Compares the mapping with the real tables: missing tables and columns, types that do not fit their codec. */
  schema(options?: InspectOptions): Promise<readonly SchemaFinding[]>;
  /** Counts what a rule matches, in read-only transactions. */
  totals(rule: Rule, options?: TotalsOptions): Promise<Totals>;
  server(options?: InspectOptions): Promise<ServerInfo>;
  /** What `jobsweep doctor` asks besides. Absent: the adapter has none. */
  readonly diagnosis?: StoreDiagnosis;
}
