import {
  type Condition,
  EVERY,
  JOB_STATES,
  type RawState,
  RESOURCE_STATUSES,
  type Table,
  type UnknownState,
} from '@jobsweep/core';
import type { SqlContext } from '../context.js';
import type { SqlCleanupRepository } from '../repository.js';
import type { Look } from './look.js';

/** Values that are told of at most: a column with more of them holds no states. */
const MAX_VALUES = 1000;

/** The values of state columns that nobody mapped, of the rows that the filters let through; the most frequent first. */
export async function unknownStates<Session extends object>(
  { driver }: SqlContext<Session>,
  { context }: SqlCleanupRepository<Session>,
  look: Look,
  atMost: number,
): Promise<UnknownState[]> {
  const { mapped, rules } = context;
  const found = async (
    name: UnknownState['table'],
    table: Table,
    column: string,
    known: RawState[],
    where: Condition,
  ) => {
    const rows = await look(({ run }) => driver.valuesOf(run, table, column, known.map(String), where, MAX_VALUES));
    return rows.map(({ value = null, n }) => ({ table: name, value, rows: Math.min(Number(n), atMost) }));
  };
  const { jobs } = mapped;
  const ofJobs = await found(
    'jobs',
    jobs.rows,
    jobs.columns.state,
    jobs.states.rawOf(...JOB_STATES),
    rules.isCovered(),
  );
  if (!mapped.hasAllocations) return ofJobs;
  const { rows: table, columns, statuses } = mapped.allocations;
  const { scope, exclude } = mapped.filters;
  const isFiltered = scope.length + exclude.ids.length + exclude.names.length + exclude.columns.length > 0;
  const covered = isFiltered ? rules.ofJob(rules.isCovered()) : EVERY;
  const known = statuses.rawOf(...RESOURCE_STATUSES);
  return [...ofJobs, ...(await found('allocations', table, columns.status, known, covered))];
}
