import type { JobState, ResourceStatus } from '../model.js';
import type { ArchiveOption } from './archive.js';
import type { ColumnValue, ConditionOption } from './conditions.js';
import type { DependentsOption } from './dependents.js';

/**
 * How a time is kept in its column:
 * - `instant`: a point in time with zone (`timestamptz`)
 * - `utcDateTime`: date and time without zone, in UTC (`timestamp`, `datetime`)
 * - `epochSeconds`, `epochMillis`: a whole number since 1970-01-01T00:00:00Z
 * - `isoText`: a text in ISO 8601 and UTC, `2026-02-10T12:00:00.000Z`; it may have none, or up to nine digits behind the
 *   second, and `+00:00` in place of `Z`
 */
export const TIME_CODECS = ['instant', 'utcDateTime', 'epochSeconds', 'epochMillis', 'isoText'] as const;
export type TimeCodec = (typeof TIME_CODECS)[number];

/** The same with `localDateTime`: date and time without zone, as the clocks of a time zone show them. */
export const COLUMN_CODECS = [...TIME_CODECS, 'localDateTime'] as const;
export type ColumnCodec = (typeof COLUMN_CODECS)[number];

/** A value of a state column as the database holds it. */
export type RawState = string | number;

/** A time column: its name, or its name with a codec. */
export type TimeColumnOption =
  | string
  | {
      readonly column: string;
      /** Default: the adapter's own, which is `instant` where it says nothing else. */
      readonly codec?: ColumnCodec;
      /** The IANA name of the zone of a `localDateTime`: `Europe/Berlin`. */
      readonly timeZone?: string;
      /**
       * Values besides NULL that mean "not set": numbers for epoch codecs (often 0), ISO 8601 texts for the others; for
       * `isoText` and `localDateTime` as the column has them.
       */
      readonly unset?: readonly RawState[];
    };

/**
 * The end of a job: a time column, or several, of which the first that is set counts. A job that fails gets the first in the
 * list, or the one that `set` of FAILED names. `null`: the table has no such column, and no end is written.
 */
export type EndTimeOption = TimeColumnOption | readonly TimeColumnOption[] | null;

export const ENDED_AS = ['now', 'lastSign'] as const;
export type EndedAs = (typeof ENDED_AS)[number];

/** A JSON value. `{ text: 'errorMsg' }` and `{ text: 'exitCode' }` in it stand for what a repair says. */
export type JsonOption =
  | string
  | number
  | boolean
  | null
  | readonly JsonOption[]
  | { readonly [name: string]: JsonOption };

/**
 * What is written into a column:
 * - a value, or NULL
 * - `now`: the time, with the codec of the column, or `true` for that of the mapped time or else the adapter's own
 * - `text`: the message or the exit code of the repair
 * - `number`: the exit code as a number: -2 for `-2:0`
 * - `json`: a JSON value
 * - `increment`: so much more than it holds
 */
export type SetOption =
  | ColumnValue
  | { readonly now: true | TimeCodec }
  | { readonly text: 'errorMsg' | 'exitCode' }
  | { readonly number: 'exitCode' }
  | { readonly json: JsonOption }
  | { readonly increment: number };

/**
 * A column that gets what a repair says, as text, or with what it gets in the words of `SetOption`: a JSON value, the exit code
 * as a number.
 *
 * @example
 * const errorMsg: SaidColumnOption = { column: 'result', json: { error: { message: { text: 'errorMsg' } } } };
 * const exitCode: SaidColumnOption = { column: 'code', number: 'exitCode' };
 */
export type SaidColumnOption =
  | string
  | ({ readonly column: string } & (
      | { readonly json: JsonOption }
      | { readonly number: 'exitCode' }
      | { readonly text?: 'errorMsg' | 'exitCode' }
    ));

/** A state that a condition tells. */
export interface StateInFull {
  readonly when: ConditionOption;
  /**
   * What is written for it, besides what `columns` names. Default: the first of the values that `when` names. `null`: nothing
   * can be, since the database or somebody else makes the state; strategies that would write it are not offered.
   */
  readonly set?: { readonly [column: string]: SetOption } | null;
}

/** A state: the values of the state column that mean it, of which the first is written; or a condition. */
export type StateOption = ColumnValue | readonly ColumnValue[] | StateInFull;

/** What tells each known state. A state left out is one the table does not have. */
export type StatesOption<State extends string> = { readonly [Known in State]?: StateOption };

/** The jobs table. Everything left out has the default given here. */
export interface JobsTableOption {
  /** The database schema (PostgreSQL) or database (MySQL) of the table. Default: the connection's own. */
  readonly schema?: string;
  /** Default: `jobs`. */
  readonly table?: string;
  readonly columns?: {
    /** The column of the key, of any type: integer, uuid, text; or all of its columns. Default: `id`. */
    readonly id?: string | readonly string[];
    /** Default: `name`. */
    readonly name?: string;
    /** Default: `state`. Ignored where conditions alone tell the states. */
    readonly state?: string;
    /** Default: `start_time`, an `instant`. */
    readonly startTime?: TimeColumnOption;
    /** When it was queued: by it `waiting_job_cleanup` tells how long a job waits. Default: there is no such column. */
    readonly createdTime?: TimeColumnOption | null;
    /** Default: `end_time`, an `instant`. */
    readonly endTime?: EndTimeOption;
    /** Default: `error_msg`. `null`: the table has no such column and no message is written. */
    readonly errorMsg?: SaidColumnOption | null;
    /** Default: `exit_code`. `null`: the table has no such column and no exit code is written. */
    readonly exitCode?: SaidColumnOption | null;
  };
  /**
   * What the end of a job is that fails: the time of the repair, or the last sign of life that it gave, which is
   * `filters.ageColumn`, or else its start. Default: `now`.
   */
  readonly endedAs?: EndedAs;
  /** Default: each state is written as its name. */
  readonly states?: StatesOption<JobState>;
}

/** The table between allocations and jobs: allocations name a row of it, and that names the job. */
export interface ViaOption {
  /** The database schema (PostgreSQL) or database (MySQL) of the table. Default: the connection's own. */
  readonly schema?: string;
  readonly table: string;
  /** The column, or columns, that `columns.jobId` of the allocations holds. No two rows agree in them. Default: `id`. */
  readonly key?: string | readonly string[];
  /** The column, or columns, that hold the key of the job, in its order; they never change. Default: `job_id`. */
  readonly jobId?: string | readonly string[];
}

/** The allocations table. Everything left out has the default given here. */
export interface AllocationsTableOption {
  /** The database schema (PostgreSQL) or database (MySQL) of the table. Default: the connection's own. */
  readonly schema?: string;
  /** Default: `resource_allocations`. */
  readonly table?: string;
  readonly columns?: {
    /** The column of the key, of any type: integer, uuid, text; or all of its columns. Default: `id`. */
    readonly id?: string | readonly string[];
    /** The column, or columns, that hold the key of the job, in its order, or that of the row in `via`. Default: `job_id`. */
    readonly jobId?: string | readonly string[];
    /** Default: `status`. Ignored where conditions alone tell the statuses. */
    readonly status?: string;
    /** Default: `allocation_time`, an `instant`. `null`: the table has no such column, and no age makes a row due. */
    readonly allocationTime?: TimeColumnOption | null;
    /** Default: `released_time`, an `instant`. `null`: the table has no such column, and no time is written. */
    readonly releasedTime?: TimeColumnOption | null;
    /**
     * The column, or columns, that name what is held, as `['node', 'gpu']`: two allocations that agree in them hold the same.
     * `jobsweep undo` gives an allocation its resource back only where nobody else holds it. Default: nobody knows, and what
     * was released stays released.
     */
    readonly resource?: string | readonly string[];
  };
  /** Default: allocations name their job themselves. Not on MongoDB. */
  readonly via?: ViaOption;
  /** Default: each status is written as its name. */
  readonly statuses?: StatesOption<ResourceStatus>;
}

/**
 * How jobsweep's words map onto tables that already exist.
 *
 * @example
 * const schema: SchemaOptions = {
 *   jobs: {
 *     schema: 'batch',
 *     table: 'work',
 *     columns: { state: 'phase', startTime: { column: 'began', codec: 'epochSeconds', unset: [0] }, exitCode: null },
 *     states: { PENDING: 0, RUNNING: 1, COMPLETED: [2, 3], FAILED: 9, CANCELLED: 8 },
 *   },
 * };
 */
export interface SchemaOptions {
  readonly jobs?: JobsTableOption;
  /** `null`: there is no such table, and only the strategies that need none are offered. */
  readonly allocations?: AllocationsTableOption | null;
  /** What hangs on jobs besides, for `old_job_cleanup`. Default: nothing. */
  readonly dependents?: DependentsOption;
  /**
   * Where `old_job_cleanup` keeps the rows that it deletes; `true`: beside each table, in one called like it with `_archive`
   * behind. Needs transactions. Default: nowhere.
   */
  readonly archive?: boolean | ArchiveOption;
}
