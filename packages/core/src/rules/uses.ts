import type { Table } from '../driver/table.js';
import type { TimeColumn } from '../schema/resolve.js';
import type { StrategyName } from '../strategies/names.js';
import type { Mapped, TouchedColumns } from './mapped.js';

/** What a strategy does with the rows of one table: what a user has to be allowed. */
export interface TableUse {
  readonly table: Table;
  readonly reads: readonly string[];
  /** Columns that it changes; none where it changes none. */
  readonly writes: readonly string[];
  readonly deletes: boolean;
  /**
   * How it locks rows, where it does. `column` may be writable for the sake of that, since nothing depends on it. `isRelied`:
   * it does not change them, so that it raises their fence where locks are found at the commit.
   */
  readonly holds: { readonly column: string; readonly isRelied: boolean } | null;
}

const JOBS: Readonly<Record<StrategyName, 'reliesOn' | 'fails' | 'deletes' | 'looksUp'>> = {
  completed_job_cleanup: 'reliesOn',
  stale_reservation_cleanup: 'fails',
  stuck_job_cleanup: 'fails',
  old_job_cleanup: 'deletes',
  orphaned_allocation_cleanup: 'looksUp',
};

/** What a strategy does, table by table, by what its queries and guarded writes name. */
export function usesOf(mapped: Mapped, strategy: StrategyName): TableUse[] {
  const how = JOBS[strategy];
  return [jobsUse(mapped, how), ...(mapped.hasAllocations ? [allocationsUse(mapped, how === 'deletes')] : [])];
}

function jobsUse({ jobs, filters }: Mapped, how: (typeof JOBS)[StrategyName]): TableUse {
  const { id, name, state, startTime, endTime, errorMsg, exitCode } = jobs.columns;
  const texts = [errorMsg, exitCode].filter((column) => column !== null);
  const filtered = [...filters.scope, ...filters.exclude.columns].map(({ column }) => column);
  const fails = how === 'fails';
  return {
    table: jobs.rows,
    reads:
      how === 'looksUp'
        ? [id]
        : [
            ...[id, name, state, startTime.column, endTime.column, ...filtered],
            ...(filters.ageColumn === null ? [] : [filters.ageColumn.column]),
            // Failed jobs are read as they are then. To raise a number is to read it.
            ...(fails ? [...texts, ...jobs.touched.increment] : []),
          ],
    writes: fails ? [state, endTime.column, ...texts, ...touchedBy(jobs.touched)] : [],
    deletes: how === 'deletes',
    holds: { column: texts[0] ?? endTime.column, isRelied: how === 'reliesOn' },
  };
}

function allocationsUse({ allocations }: Mapped, deletes: boolean): TableUse {
  const { id, jobId, status, allocationTime, releasedTime } = allocations.columns;
  const { touched } = allocations;
  return {
    table: allocations.rows,
    reads: [
      ...[id, jobId, status, allocationTime.column],
      ...(deletes ? [] : [releasedTime.column, ...touched.increment]),
    ],
    writes: deletes ? [] : [status, releasedTime.column, ...touchedBy(touched)],
    deletes,
    holds: { column: releasedTime.column, isRelied: false },
  };
}

const touchedBy = ({ now, increment }: TouchedColumns): string[] => [
  ...now.map(({ column }: TimeColumn) => column),
  ...increment,
];
