import { invalidOption } from '../../errors.js';
import { OWN_TABLES, timeColumns } from '../../service/own-columns.js';
import type { AllocationRow, Inputs, JobRow, MemoryValue, Rows, TableName } from './rows.js';
import { exactTime } from './times.js';

const NO_JOB: Omit<JobRow, 'id'> = {
  name: null,
  state: null,
  startTime: null,
  endTime: null,
  errorMsg: null,
  exitCode: null,
};
const NO_ALLOCATION: Omit<AllocationRow, 'id'> = {
  jobId: null,
  status: null,
  allocationTime: null,
  releasedTime: null,
};

const EMPTY = {
  jobs: NO_JOB,
  allocations: NO_ALLOCATION,
  jobs_archive: NO_JOB,
  allocations_archive: NO_ALLOCATION,
  jobsweep_claims: {},
  jobsweep_history: {},
  jobsweep_changes: {},
};
const TIME_COLUMNS: readonly string[] = [
  ...['startTime', 'endTime', 'allocationTime', 'releasedTime'],
  ...Object.values(OWN_TABLES).flatMap(({ columns }) => timeColumns(columns)),
];

/** A new row, with its columns that are left out as `null`. */
export function newRow<Name extends TableName>(table: Name, id: string, input: Inputs[Name]): Rows[Name] {
  return changedRow({ ...EMPTY[table], id } as Rows[Name], table, input);
}

/** The row with some columns changed. Rows never change in place: whoever has read one keeps what was read. */
export function changedRow<Name extends TableName>(row: Rows[Name], table: Name, input: Inputs[Name]): Rows[Name] {
  const given = Object.entries(input).filter(([column, value]) => column !== 'id' && value !== undefined);
  const values = given.map(([column, value]) => [column, stored(`${table}.${column}`, column, value)] as const);
  const changed = { ...row, ...Object.fromEntries(values) };
  Object.freeze(changed);
  return changed;
}

function stored(path: string, column: string, value: unknown): MemoryValue {
  if (value === null) return null;
  const isText = typeof value === 'string';
  if (value instanceof Date || (isText && TIME_COLUMNS.includes(column))) return exactTime(path, value);
  if (isText || typeof value === 'boolean' || typeof value === 'number') return value;
  throw invalidOption(path, value, 'give a text, a number, a boolean, a Date or null');
}
