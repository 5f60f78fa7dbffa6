/**
 * The rows of a cluster, whatever the database. Times are microseconds since 1970. A value that a database holds in
 * another form than it was given is different here too, so equal rows are equal in every column.
 */

/** Columns of each type, in the order of the tables. */
export const JOB_COLUMNS = {
  id: 'id',
  name: 'text',
  state: 'text',
  submitTime: 'time',
  startTime: 'time',
  endTime: 'time',
  errorMsg: 'text',
  exitCode: 'text',
  processors: 'number',
  userId: 'number',
  queue: 'number',
} as const satisfies Columns;

export const ALLOCATION_COLUMNS = {
  id: 'id',
  jobId: 'id',
  status: 'text',
  allocationTime: 'time',
  releasedTime: 'time',
  node: 'text',
} as const satisfies Columns;

export type ColumnType = 'id' | 'text' | 'time' | 'number';
export type Columns = Readonly<Record<string, ColumnType>>;

export type JobRow = RowOf<typeof JOB_COLUMNS>;
export type AllocationRow = RowOf<typeof ALLOCATION_COLUMNS>;
export type Row = Readonly<Record<string, string | number | null>>;

type RowOf<Named extends Columns> = {
  readonly [Name in keyof Named]: Named[Name] extends 'id'
    ? number
    : Named[Name] extends 'text'
      ? string | null
      : number | null;
};

/** A job with all that it holds or held, by id. Without the job: allocations of one that is not there. */
export interface Holding {
  readonly jobId: number;
  readonly job: JobRow | undefined;
  readonly allocations: readonly AllocationRow[];
}
