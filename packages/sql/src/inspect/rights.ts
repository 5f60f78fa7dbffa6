import type { Deed, MissingPrivilege, Need, StrategyName, Table } from '@jobsweep/core';
import type { MissingRight, Privilege, Right, ServerCatalog } from '../catalog.js';

/** A right, and the strategies that want it: of columns those that want each. */
interface WantedRight extends Right {
  readonly strategies: readonly StrategyName[];
  readonly byColumn: ReadonlyMap<string, readonly StrategyName[]>;
}

/** Columns of a table that keep their value in an update just because it names them. */
export type KeptOf = (table: Table) => readonly string[];

const PRIVILEGES = {
  read: 'SELECT',
  insert: 'INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  lock: undefined,
  rely: undefined,
} as const satisfies Record<Deed, Privilege | undefined>;

/** What the needs of strategies are in the words of SQL. */
export function rightsOf(
  { lockPrivileges }: Pick<ServerCatalog, 'lockPrivileges'>,
  needs: readonly Need[],
  keptOf: KeptOf,
): WantedRight[] {
  return needs.flatMap((need): WantedRight[] => {
    const { table, deed, strategies, columns } = need;
    const beside = needs.filter((each) => each.table === table);
    const locks = beside.filter((each) => PRIVILEGES[each.deed] === undefined);
    const byColumn = new Map(columns);
    const wants = (column: string, by: readonly StrategyName[]) =>
      byColumn.set(column, [...new Set([...(byColumn.get(column) ?? []), ...by])]);
    const locked = locks.flatMap((each) => [...(each.columns ?? [])]);
    const privilege = PRIVILEGES[deed];
    if (privilege !== undefined) {
      for (const [column, by] of locked) if (byColumn.has(column)) wants(column, by);
      if (deed === 'update') for (const column of keptOf(table)) wants(column, strategies);
      return [right(privilege, need, byColumn)];
    }
    const [lockBy] = lockPrivileges;
    const locksAnyway = beside.some((each) => lockPrivileges.some((allows) => allows === PRIVILEGES[each.deed]));
    if (lockBy === undefined || locksAnyway || locks[0] !== need) return [];
    for (const [column, by] of locked) wants(column, by);
    return [{ ...right(lockBy, need, byColumn), isForLocks: true }];
  });
}

const right = (
  privilege: Privilege,
  { table, strategies, columns }: Need,
  byColumn: WantedRight['byColumn'],
): WantedRight => ({
  ...{ privilege, table, strategies, byColumn },
  columns: columns === undefined ? null : [...byColumn.keys()],
});

/** What is missing, by the strategies that want it: columns of one table may be wanted by different ones. */
export function missingPrivilege(
  { privilege, on, table, columns }: MissingRight,
  rights: readonly WantedRight[],
): MissingPrivilege[] {
  const lacking = rights.filter((each) => each.table === table && [each.privilege, 'USAGE'].includes(privilege));
  if (columns === null) return [{ privilege, on, strategies: union(lacking.map(({ strategies }) => strategies)) }];
  const groups = new Map<string, { strategies: StrategyName[]; columns: string[] }>();
  for (const column of columns) {
    const strategies = union(lacking.map(({ byColumn }) => byColumn.get(column) ?? []));
    const group = groups.get(strategies.join()) ?? { strategies, columns: [] };
    group.columns.push(column);
    groups.set(strategies.join(), group);
  }
  return [...groups.values()].map((group) => ({
    ...{ privilege, on: `${on} (${group.columns.join(', ')})`, strategies: group.strategies },
  }));
}

const union = (lists: readonly (readonly StrategyName[])[]): StrategyName[] => [...new Set(lists.flat())];
