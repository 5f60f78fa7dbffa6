import { type Mapped, type StrategyName, type TableUse, usesOf } from '@jobsweep/core';
import type { Need, Privilege } from '../catalog.js';
import type { TableName } from '../rows/tables.js';

/** What a server and its tables ask of a user besides what the mapping says. */
export interface ServerNeeds {
  readonly lockPrivileges: readonly Privilege[];
  /** Columns that keep their value in an update just because it names them. */
  readonly kept: { readonly jobs: readonly string[]; readonly allocations: readonly string[] };
}

/** What one strategy reads and writes, as privileges. */
export function needsOf(mapped: Mapped, strategy: StrategyName, { lockPrivileges, kept }: ServerNeeds): Need[] {
  return usesOf(mapped, strategy).flatMap((use) => {
    const isOfJobs = use.table === mapped.jobs.rows;
    const table = isOfJobs ? mapped.jobs : mapped.allocations;
    return tableNeeds(table, lockPrivileges, use, isOfJobs ? kept.jobs : kept.allocations);
  });
}

/** The needs of several strategies together, each privilege on a table once. */
export function allNeeds(mapped: Mapped, strategies: readonly StrategyName[], server: ServerNeeds): Need[] {
  const merged = new Map<string, Need>();
  for (const need of strategies.flatMap((strategy) => needsOf(mapped, strategy, server))) {
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

function tableNeeds(
  table: TableName,
  lockPrivileges: readonly Privilege[],
  { reads, writes, deletes, harmless }: TableUse,
  kept: readonly string[],
): Need[] {
  const on = (privilege: Privilege, columns: readonly string[]): Need => ({
    privilege,
    table,
    columns: [...new Set(columns)],
  });
  const needs: Need[] = [on('SELECT', reads)];
  if (writes.length > 0) needs.push(on('UPDATE', [...writes, ...kept]));
  if (deletes) needs.push({ privilege: 'DELETE', table, columns: null });
  const [lockBy] = lockPrivileges;
  if (lockBy === undefined || needs.some(({ privilege }) => lockPrivileges.includes(privilege))) return needs;
  return [...needs, { ...on(lockBy, [harmless]), isForLocks: true }];
}
