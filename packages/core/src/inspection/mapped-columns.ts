import type { Table } from '../driver/table.js';
import type { Mapped } from '../rules/mapped.js';
import type { TimeColumn } from '../schema/resolve.js';
import type { ColumnKind } from './catalog.js';

/** A column that an option names, with what is written to it where that is a time or a text. */
export interface MappedColumn {
  /** Where it is named, as a path into the options of the store. */
  readonly path: string;
  readonly column: string;
  readonly kind?: ColumnKind;
  readonly isWritten?: boolean;
}

/** A table with everything that options say of it. */
export interface MappedTable {
  readonly name: 'jobs' | 'allocations';
  readonly table: Table;
  readonly columns: readonly MappedColumn[];
}

/** The tables of a mapping, with the columns that its options name. */
export function mappedTables(mapped: Mapped): MappedTable[] {
  const { jobs } = mapped;
  const ofJobs = [...columnsOf('jobs', jobs.columns), ...filterColumns(mapped), ...touchedColumns('jobs', mapped)];
  const tables: MappedTable[] = [{ name: 'jobs', table: jobs.rows, columns: ofJobs }];
  if (!mapped.hasAllocations) return tables;
  const { rows: table, columns } = mapped.allocations;
  const ofAllocations = [...columnsOf('allocations', columns), ...touchedColumns('allocations', mapped)];
  return [...tables, { name: 'allocations', table, columns: ofAllocations }];
}

/** Columns that jobsweep writes texts to. */
const TEXTS = ['errorMsg', 'exitCode'];
const WRITTEN = [...TEXTS, 'state', 'endTime', 'status', 'releasedTime'];

type Columns = Readonly<Record<string, string | TimeColumn | null>>;

function columnsOf(name: string, columns: Columns): MappedColumn[] {
  return Object.entries(columns).flatMap(([key, column]): MappedColumn[] => {
    const path = `schema.${name}.columns.${key}`;
    const isWritten = WRITTEN.includes(key);
    if (column === null) return [];
    if (typeof column !== 'string') return [{ path, column: column.column, kind: column.codec, isWritten }];
    return [{ path, column, isWritten, ...(TEXTS.includes(key) && { kind: 'text' as const }) }];
  });
}

function filterColumns({ filters: { scope, exclude, ageColumn } }: Mapped): MappedColumn[] {
  const ofKey = (option: string, { column }: { readonly column: string }): MappedColumn => ({
    path: `${option}.${column}`,
    column,
  });
  return [
    ...scope.map((condition) => ofKey('filters.scope', condition)),
    ...exclude.columns.map((condition) => ofKey('filters.exclude.columns', condition)),
    ...(ageColumn === null ? [] : [{ path: 'filters.ageColumn', column: ageColumn.column, kind: ageColumn.codec }]),
  ];
}

function touchedColumns(name: MappedTable['name'], mapped: Mapped): MappedColumn[] {
  const { now, increment } = mapped[name].touched;
  const at = (key: string, index: number) => ({ path: `touch.${name}.${key}[${index}]`, isWritten: true });
  return [
    ...now.map(({ column, codec }, index) => ({ ...at('now', index), column, kind: codec })),
    ...increment.map((column, index) => ({ ...at('increment', index), column })),
  ];
}
