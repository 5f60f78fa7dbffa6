import { toHoldings } from './holdings.js';
import {
  ALLOCATION_COLUMNS,
  type AllocationRow,
  type Columns,
  type ColumnType,
  type Holding,
  JOB_COLUMNS,
  type JobRow,
  type Row,
} from './rows.js';

/** A table of a database that speaks SQL. */
export interface SqlTable {
  readonly name: string;
  readonly columns: readonly SqlColumn[];
}

interface SqlColumn {
  readonly key: string;
  /** As the database has it: `start_time`. */
  readonly name: string;
  readonly type: ColumnType;
}

export const JOBS: SqlTable = { name: 'jobs', columns: columnsOf(JOB_COLUMNS) };
export const ALLOCATIONS: SqlTable = { name: 'resource_allocations', columns: columnsOf(ALLOCATION_COLUMNS) };

function columnsOf(columns: Columns): SqlColumn[] {
  return Object.entries(columns).map(([key, type]) => ({
    key,
    type,
    name: key.replaceAll(/[A-Z]/g, '_$&').toLowerCase(),
  }));
}

/** The columns for a SELECT or an INSERT; `asMicros` makes a number of microseconds of a time. */
export function listOf({ columns }: SqlTable, asMicros = (name: string) => name): string {
  return columns.map(({ name, type }) => (type === 'time' ? asMicros(name) : name)).join(', ');
}

/** A row of texts, in the order of the table's columns. */
export function rowOf<Kind extends Row>({ columns }: SqlTable, values: readonly (string | null)[]): Kind {
  const row: Record<string, string | number | null> = {};
  columns.forEach(({ key, type }, index) => {
    const value = values[index] ?? null;
    row[key] = value === null || type === 'text' ? value : Number(value);
  });
  return row as Kind;
}

/** How rows are read: by the rest of a statement, with `?` for its values. */
type Read<Kind> = (rest: string, ...values: readonly number[]) => Promise<readonly Kind[]>;

/**
 * All jobs with their allocations, page by page: each page continues after the last id of the one before, so every
 * statement is bounded.
 */
export async function* readHoldings(
  jobsOf: Read<JobRow>,
  allocationsOf: Read<AllocationRow>,
  jobsAtOnce: number,
): AsyncGenerator<readonly Holding[]> {
  for (let after = Number.MIN_SAFE_INTEGER; after < Number.MAX_SAFE_INTEGER; ) {
    const jobs = await jobsOf(`WHERE id > ? ORDER BY id LIMIT ${jobsAtOnce}`, after);
    const last = jobs.length < jobsAtOnce ? Number.MAX_SAFE_INTEGER : (jobs.at(-1)?.id ?? 0);
    yield toHoldings(jobs, await allocationsOf('WHERE job_id > ? AND job_id <= ? ORDER BY job_id, id', after, last));
    after = last;
  }
}
