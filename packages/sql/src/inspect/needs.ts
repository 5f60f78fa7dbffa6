import type { StrategyName, TimeColumn } from '@jobsweep/core';
import type { Need, Privilege } from '../catalog.js';
import type { Tables } from '../context.js';
import type { TableName } from '../rows/tables.js';

/** What a server and its tables ask of a user besides what the mapping says. */
export interface ServerNeeds {
  readonly lockPrivileges: readonly Privilege[];
  /** Columns that keep their value in an update just because it names them. */
  readonly kept: { readonly jobs: readonly string[]; readonly allocations: readonly string[] };
}

/** What one strategy reads and writes, by what its queries and guarded writes name. */
export function needsOf(tables: Tables, strategy: StrategyName, { lockPrivileges, kept }: ServerNeeds): Need[] {
  const { jobs, allocations } = tables.schema;
  const { jobs: touchedJobs, allocations: touchedAllocations } = tables.touch;
  const fails = strategy === 'stale_reservation_cleanup' || strategy === 'stuck_job_cleanup';
  const deletes = strategy === 'old_job_cleanup';
  const { id, name, state, startTime, endTime, errorMsg, exitCode } = jobs.columns;
  const texts = [errorMsg, exitCode].filter((column) => column !== null);
  const { scope, exclude, ageColumn } = tables.filters;
  const filtered = [...scope, ...exclude.columns].map(({ column }) => column);
  const failed = [state, endTime.column, ...texts, ...namesOf(touchedJobs.now), ...touchedJobs.increment, ...kept.jobs];
  const ofJobs = tableNeeds(jobs, lockPrivileges, {
    SELECT: [
      ...[id, name, state, startTime.column, endTime.column, ...texts, ...filtered],
      ...(ageColumn === null ? [] : [ageColumn.column]),
      // To raise a number is to read it.
      ...(fails ? touchedJobs.increment : []),
    ],
    UPDATE: fails ? failed : [],
    deletes,
    harmless: texts[0] ?? endTime.column,
  });
  if (allocations === null) return ofJobs;
  const { jobId, status, allocationTime, releasedTime } = allocations.columns;
  const released = [
    status,
    releasedTime.column,
    ...namesOf(touchedAllocations.now),
    ...touchedAllocations.increment,
    ...kept.allocations,
  ];
  const ofAllocations = tableNeeds(allocations, lockPrivileges, {
    SELECT: [
      ...[allocations.columns.id, jobId, status, allocationTime.column],
      ...(deletes ? [] : [releasedTime.column, ...touchedAllocations.increment]),
    ],
    UPDATE: deletes ? [] : released,
    deletes,
    harmless: releasedTime.column,
  });
  return [...ofJobs, ...ofAllocations];
}

/** The needs of several strategies together, each privilege on a table once. */
export function allNeeds(tables: Tables, strategies: readonly StrategyName[], server: ServerNeeds): Need[] {
  const merged = new Map<string, Need>();
  for (const need of strategies.flatMap((strategy) => needsOf(tables, strategy, server))) {
    const key = JSON.stringify([need.table.schema, need.table.table, need.privilege, need.isForLocks === true]);
    const columns = [...new Set([...(merged.get(key)?.columns ?? []), ...(need.columns ?? [])])];
    merged.set(key, { ...need, columns: need.columns === null ? null : columns });
  }
  const needs = [...merged.values()];
  const locksAnyway = ({ table }: Need) =>
    needs.some(
      (each) => each.isForLocks !== true && each.table === table && server.lockPrivileges.includes(each.privilege),
    );
  return needs.filter((need) => need.isForLocks !== true || !locksAnyway(need));
}

interface Uses {
  readonly SELECT: readonly string[];
  readonly UPDATE: readonly string[];
  readonly deletes: boolean;
  /** The column that a user may change who has to change none, to lock rows. */
  readonly harmless: string;
}

function tableNeeds(table: TableName, lockPrivileges: readonly Privilege[], uses: Uses): Need[] {
  const on = (privilege: Privilege, columns: readonly string[]): Need => ({
    privilege,
    table,
    columns: [...new Set(columns)],
  });
  const needs: Need[] = [on('SELECT', uses.SELECT)];
  if (uses.UPDATE.length > 0) needs.push(on('UPDATE', uses.UPDATE));
  if (uses.deletes) needs.push({ privilege: 'DELETE', table, columns: null });
  const [lockBy] = lockPrivileges;
  if (lockBy === undefined || needs.some(({ privilege }) => lockPrivileges.includes(privilege))) return needs;
  return [...needs, { ...on(lockBy, [uses.harmless]), isForLocks: true }];
}

const namesOf = (columns: readonly TimeColumn[]): string[] => columns.map(({ column }) => column);
