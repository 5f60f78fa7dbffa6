import type { MemoryDatabase, MemoryValue } from '@jobsweep/core/memory';
import type { Columns, TableName, Tables, Value } from '../../src/index.js';

const COLUMNS = {
  jobs: [
    ...(['id', 'name', 'state', 'startTime', 'endTime', 'errorMsg', 'exitCode'] as const),
    ...(['tenant', 'pinned', 'heartbeat', 'note'] as const),
  ],
  allocations: ['id', 'jobId', 'status', 'allocationTime', 'releasedTime', 'note'],
} as const;

type Column = keyof Columns;

/** A database in memory, in the words of the suite. */
export class Words {
  /** @param heartbeat the column that is the suite's `heartbeat`. */
  constructor(
    readonly database: MemoryDatabase,
    private readonly heartbeat: 'heartbeat' | 'createdTime' = 'heartbeat',
  ) {}

  /** A row of the suite for the database to write: numbers and booleans as such, `now` as its own time. */
  toMemory(columns: Columns): Record<string, MemoryValue | Date> {
    const entries = Object.entries(columns) as [Column, Value][];
    return Object.fromEntries(
      entries.map(([column, value]) => [this.nameOf(column), value === null ? null : this.written(column, value)]),
    );
  }

  /** Both tables, as whoever reads the rows sees them. */
  toTables(rowsOf: (table: TableName) => readonly object[]): Tables {
    const read = (table: TableName) =>
      rowsOf(table).map((row) => {
        const cells = row as Readonly<Record<string, MemoryValue>>;
        return Object.fromEntries(COLUMNS[table].map((column) => [column, textOf(cells[this.nameOf(column)] ?? null)]));
      });
    return { jobs: read('jobs'), allocations: read('allocations') } as unknown as Tables;
  }

  private nameOf(column: Column): string {
    return column === 'heartbeat' ? this.heartbeat : column;
  }

  private written(column: Column, value: string): MemoryValue | Date {
    if (column === 'tenant') return Number(value);
    if (column === 'pinned') return value === 'true';
    return isTime(column) && value === 'now' ? this.database.now() : value;
  }
}

const isTime = (column: Column) => column.endsWith('Time') || column === 'heartbeat';

const textOf = (value: MemoryValue): Value => (value === null ? null : String(value));
