import {
  allOf,
  type Condition,
  JOB_STATES,
  not,
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
  const found = async (name: UnknownState['table'], table: Table, column: string, where: Condition) => {
    const rows = await look(({ run }) => driver.valuesOf(run, table, column, where, MAX_VALUES));
    return rows.map(({ value = null, n }) => ({ table: name, value, rows: Math.min(Number(n), atMost) }));
  };
  const { jobs } = mapped;
  const unknown = not(rules.inState(...JOB_STATES));
  const ofJobs = await found('jobs', jobs.rows, jobs.columns.state, allOf(unknown, rules.isCovered()));
  if (!mapped.hasAllocations) return ofJobs;
  const { rows: table, columns } = mapped.allocations;
  const { scope, exclude } = mapped.filters;
  const isFiltered = scope.length + exclude.ids.length + exclude.names.length + exclude.columns.length > 0;
  const covered = isFiltered ? rules.ofJob(rules.isCovered()) : allOf();
  const others = allOf(not(rules.inStatus(...RESOURCE_STATUSES)), covered);
  return [...ofJobs, ...(await found('allocations', table, columns.status, others))];
}
