/** What a column holds. Times are ISO 8601 texts in UTC with microseconds. */
export type MemoryValue = string | number | boolean | null;

/** A job as the database holds it. Columns that the port does not know are kept beside it, for filters to name. */
export interface JobRow {
  readonly id: string;
  readonly name: string | null;
  /** Any text, known or not. */
  readonly state: string | null;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly errorMsg: string | null;
  readonly exitCode: string | null;
  readonly [column: string]: MemoryValue;
}

/** An allocation as the database holds it. */
export interface AllocationRow {
  readonly id: string;
  /** `null`: of no job. */
  readonly jobId: string | null;
  /** Any text, known or not. */
  readonly status: string | null;
  readonly allocationTime: string | null;
  readonly releasedTime: string | null;
  readonly [column: string]: MemoryValue;
}

/** The turn of one strategy of one config, in jobsweep's own table. */
export interface ClaimRow {
  /** The names of both, as `claimId` gives it. */
  readonly id: string;
  readonly config: string;
  readonly strategy: string;
  /** `null`: nobody has the turn. */
  readonly holder: string | null;
  readonly term: number;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly expiryTime: string | null;
  readonly emptyPasses: number;
  /** A `TurnProgress` as JSON, of the last turn that was begun. */
  readonly progress: string;
  /** When that was written; `null`: in no batch yet. */
  readonly progressTime: string | null;
  readonly [column: string]: MemoryValue;
}

/** A pass of the history, in jobsweep's own table. */
export interface HistoryRow {
  /** A whole number, in the order in which the passes ended. */
  readonly id: string;
  readonly config: string;
  readonly strategy: string;
  readonly startTime: string;
  /** The rest of it, as JSON. */
  readonly entry: string;
  readonly [column: string]: MemoryValue;
}

/** The rows of each table. */
export interface Rows {
  readonly jobs: JobRow;
  readonly allocations: AllocationRow;
  readonly jobsweep_claims: ClaimRow;
  readonly jobsweep_history: HistoryRow;
}

export type TableName = keyof Rows;

/** The tables that jobsweep makes for itself. */
export const OWN_TABLES = ['jobsweep_claims', 'jobsweep_history'] as const satisfies readonly TableName[];
export type OwnTableName = (typeof OWN_TABLES)[number];

/** A time to be written: a `Date`, or ISO 8601 in UTC with up to six digits behind the second. */
export type TimeInput = Date | string | null;

/** Columns to write into a job. */
export interface JobInput {
  readonly name?: string | null;
  readonly state?: string | null;
  readonly startTime?: TimeInput;
  readonly endTime?: TimeInput;
  readonly errorMsg?: string | null;
  readonly exitCode?: string | null;
  readonly [column: string]: MemoryValue | Date | undefined;
}

/** Columns to write into an allocation. */
export interface AllocationInput {
  readonly jobId?: string | null;
  readonly status?: string | null;
  readonly allocationTime?: TimeInput;
  readonly releasedTime?: TimeInput;
  readonly [column: string]: MemoryValue | Date | undefined;
}

/** What is written into each table. Columns that are left out of a new row are `null`, or 0 where they count. */
export interface Inputs {
  readonly jobs: JobInput;
  readonly allocations: AllocationInput;
  readonly jobsweep_claims: Partial<ClaimRow>;
  readonly jobsweep_history: Partial<HistoryRow>;
}

/** A new row: it needs an id. */
export type NewRow<Name extends TableName> = Inputs[Name] & { readonly id: string };
