import type { FINISHED_JOB_STATES } from '../model.js';
import type { ConditionOption } from './conditions.js';
import type { TimeColumnOption } from './mapping.js';

type FinishedJobState = (typeof FINISHED_JOB_STATES)[number];

/**
 * A sign of life in another table, of which a job may have none, one or many.
 *
 * @example
 * const option: SignOption = { table: 'heartbeats', key: 'job_id', column: 'beat_at' };
 */
export interface SignOption extends Exclude<TimeColumnOption, string> {
  /** The database schema (PostgreSQL) or database (MySQL) of the table. Default: the connection's own. */
  readonly schema?: string;
  readonly table: string;
  /** The column that holds the key of the job; of a key of several columns as many, in their order. */
  readonly key: string | readonly string[];
}

/**
 * Age limits by the values of a column, as texts to the letter: at most 1000 values each in all, and 100 years.
 *
 * @example
 * const option: LimitsOption = { column: 'queue', stuckHours: { reports: 200 }, oldDays: { mail: 7 } };
 */
export interface LimitsOption {
  /** A column of the jobs table. Default: the mapped name. */
  readonly column?: string;
  readonly staleReservationMinutes?: { readonly [value: string]: number };
  readonly stuckHours?: { readonly [value: string]: number };
  readonly oldDays?: { readonly [value: string]: number };
}

/**
 * How many of the newest finished jobs stay.
 *
 * @example
 * const option: KeepNewestOption = { count: 100, per: { column: 'queue' } };
 */
export interface KeepNewestOption {
  /** A whole number from 1 to 5000. */
  readonly count: number;
  /** Of all jobs that the filters cover, of each name, or of each value of a column: NULL is one too. Default: `all`. */
  readonly per?: 'all' | 'name' | { readonly column: string };
}

/**
 * Which jobs jobsweep may see and touch, and how old they may get. Filters belong to the store: every read and every
 * guard of every write applies them, so none can be forgotten. What a job's filters say holds for its allocations too.
 *
 * A store throws `INVALID_OPTION` for filters that make no sense; `inspect.schema()` finds columns that are not there.
 *
 * @example
 * const filters: FilterOptions = {
 *   scope: { tenant_id: 7 },
 *   exclude: [{ name: 'license-server' }, { exists: { table: 'annotations', key: 'job_id' } }],
 *   limitFor: { stuckHours: { 'weekly-report': 200 } },
 *   ageColumn: 'heartbeat_at',
 *   retentionDays: { COMPLETED: 30, FAILED: 180 },
 * };
 */
export interface FilterOptions {
  /** Only jobs that meet this condition: those of a tenant, of a queue. Default: all jobs. */
  readonly scope?: ConditionOption;
  /** Jobs that are never touched, whatever else is true of them: those that meet this condition. Default: none. */
  readonly exclude?: ConditionOption;
  /**
   * Own age limits by job name, or by another column, in place of the strategy's; of a list the first that has a limit for a
   * job. A write leaves a job alone that is not over its own limit, whatever rows it is given, or that had another limit when
   * it was read. Default: none.
   */
  readonly limitFor?: LimitsOption | readonly LimitsOption[];
  /**
   * A sign of life, by which a job is stuck in place of its start: a time column of the jobs table, or of another table whose
   * rows name the job. A job that has given none yet is as old as its start. One that shows another time when it is locked than
   * when it was read, or has a newer one in the other table, is left alone. Default: the mapped `startTime`.
   */
  readonly ageColumn?: TimeColumnOption | SignOption;
  /**
   * The time column of the jobs table by which a finished job is old: that of its last change, say. Default: the mapped
   * `endTime`, without which there are no old jobs.
   */
  readonly ageFrom?: TimeColumnOption;
  /**
   * The newest finished jobs stay, whatever their age: a job is old only while so many newer ones are there. A purge by number
   * alone is that with `maxAgeDays: null`. Default: none stays for it.
   */
  readonly keepNewest?: KeepNewestOption;
  /** How long finished jobs are kept by their state, in place of `maxAgeDays`; `limitFor.oldDays` goes before it. */
  readonly retentionDays?: { readonly [State in FinishedJobState]?: number };
}
