import { ALLOCATION_COLUMNS, type Columns, type ColumnType, JOB_COLUMNS, type Row } from './rows.js';

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
