import type { MemoryDatabase, MemoryValue, Rows } from '@jobsweep/core/memory';
import type { Columns, TableName, Tables, Value } from '../../src/index.js';

const COLUMNS = {
  jobs: [
    ...(['id', 'name', 'state', 'startTime', 'endTime', 'errorMsg', 'exitCode'] as const),
    ...(['tenant', 'pinned', 'heartbeat', 'note'] as const),
  ],
  allocations: ['id', 'jobId', 'status', 'allocationTime', 'releasedTime', 'note'],
} as const;

type Column = keyof Columns;

/** A row of the suite for the database to write: numbers and booleans as such, `now` as its own time. */
export function toMemory(database: MemoryDatabase, columns: Columns): Record<string, MemoryValue | Date> {
  const entries = Object.entries(columns) as [Column, Value][];
  return Object.fromEntries(
    entries.map(([column, value]) => [column, value === null ? null : written(database, column, value)]),
  );
}

function written(database: MemoryDatabase, column: Column, value: string): MemoryValue | Date {
  if (column === 'tenant') return Number(value);
  if (column === 'pinned') return value === 'true';
  return isTime(column) && value === 'now' ? database.now() : value;
}

const isTime = (column: Column) => column.endsWith('Time') || column === 'heartbeat';

/** Both tables in the words of the suite, as whoever reads the rows sees them. */
export function toTables(rowsOf: <Name extends TableName>(table: Name) => readonly Rows[Name][]): Tables {
  const read = (table: TableName) =>
    rowsOf(table).map((row) => {
      const cells: Readonly<Record<string, MemoryValue>> = row;
      return Object.fromEntries(COLUMNS[table].map((column) => [column, textOf(cells[column] ?? null)]));
    });
  return { jobs: read('jobs'), allocations: read('allocations') } as unknown as Tables;
}

const textOf = (value: MemoryValue): Value => (value === null ? null : String(value));
