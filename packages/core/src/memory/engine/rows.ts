/** What a column holds. Times are ISO 8601 texts in UTC with microseconds. */
export type MemoryValue = string | number | boolean | null;

/** A job as the database holds it. Columns that the port does not know are kept beside it, for filters to name. */
export interface JobRow {
  readonly id: string;
  readonly name: string | null;
  /** Any text, known or not. */
  readonly state: string | null;
  /** When it was queued. */
  readonly createdTime: string | null;
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

/** A row of one of jobsweep's own tables, whose columns are those of any other database. */
export interface OwnRow {
  readonly id: string;
  readonly [column: string]: MemoryValue;
}

/** The rows of each table. */
export interface Rows {
  readonly jobs: JobRow;
  readonly allocations: AllocationRow;
  readonly jobs_archive: JobRow;
  readonly allocations_archive: AllocationRow;
  readonly jobsweep_claims: OwnRow;
  readonly jobsweep_history: OwnRow;
  readonly jobsweep_changes: OwnRow;
}

export type TableName = keyof Rows;

/** The tables that jobsweep makes for itself. */
export const OWN_TABLES = [
  'jobsweep_claims',
  'jobsweep_history',
  'jobsweep_changes',
] as const satisfies readonly TableName[];
export type OwnTableName = (typeof OWN_TABLES)[number];

/** A time to be written: a `Date`, or ISO 8601 in UTC with up to six digits behind the second. */
export type TimeInput = Date | string | null;

/** Columns to write into a job. */
export interface JobInput {
  readonly name?: string | null;
  readonly state?: string | null;
  readonly createdTime?: TimeInput;
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

/** What is written into each table. Columns that are left out of a new row are `null`. */
export interface Inputs {
  readonly jobs: JobInput;
  readonly allocations: AllocationInput;
  readonly jobs_archive: JobInput;
  readonly allocations_archive: AllocationInput;
  readonly jobsweep_claims: Partial<OwnRow>;
  readonly jobsweep_history: Partial<OwnRow>;
  readonly jobsweep_changes: Partial<OwnRow>;
}

/** A new row: it needs an id. */
export type NewRow<Name extends TableName> = Inputs[Name] & { readonly id: string };
