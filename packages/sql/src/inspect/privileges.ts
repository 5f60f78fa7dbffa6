import {
  type AllocationsTable,
  type JobsTable,
  type Mapped,
  type MissingPrivilege,
  type OwnTableSet,
  offeredOf,
  type PrivilegeOptions,
  type StrategyName,
} from '@jobsweep/core';
import type { Ask, MissingNeed, Need } from '../catalog.js';
import type { Tables } from '../context.js';
import type { SqlSession } from '../library.js';
import { allNeeds, needsOf, type ServerNeeds } from './needs.js';
import { ownNeeds } from './own-needs.js';

/** What the connection's own user may not do and has to. */
export async function missingPrivileges(
  tables: Tables,
  mapped: Mapped,
  ownSet: OwnTableSet,
  ask: Ask,
  { strategies, ownTables }: PrivilegeOptions,
): Promise<MissingPrivilege[]> {
  const { catalog } = tables.dialect;
  const given = offeredOf(tables, strategies);
  const server = await ask((session) => serverNeeds(session, tables));
  const own = ownTables ? ownNeeds(ownSet) : [];
  const needsBy = new Map(given.map((strategy) => [strategy, [...needsOf(mapped, strategy, server), ...own]]));
  const missing = await catalog.missing(ask, [...allNeeds(mapped, given, server), ...own]);
  return missing.flatMap((each) => grouped(each, needsBy));
}

/** The statements that let a user do what the strategies do. */
export async function grantScript(
  tables: Tables,
  mapped: Mapped,
  ownSet: OwnTableSet,
  ask: Ask,
  user: string,
  { strategies, ownTables }: PrivilegeOptions,
): Promise<string[]> {
  const { catalog } = tables.dialect;
  return ask(async (session) => {
    const needs = allNeeds(mapped, offeredOf(tables, strategies), await serverNeeds(session, tables));
    return catalog.grants(session, user, [...needs, ...(ownTables ? ownNeeds(ownSet) : [])]);
  });
}

async function serverNeeds(session: SqlSession, { dialect, schema }: Tables): Promise<ServerNeeds> {
  const { catalog, words } = dialect;
  const keptOf = async (table: JobsTable | AllocationsTable | null) => {
    if (table === null) return [];
    const times = Object.values(table.columns).map((column) => (typeof column === 'object' ? column?.column : null));
    const query = words.selfChanging?.(table.schema, table.table);
    const changing = query === undefined ? [] : await session.run(query);
    return changing.map(({ name }) => name ?? '').filter((column) => times.includes(column));
  };
  return {
    lockPrivileges: await catalog.lockPrivileges(session),
    kept: { jobs: await keptOf(schema.jobs), allocations: await keptOf(schema.allocations) },
  };
}

/** What is missing, by the strategies that want it: columns of one table may be wanted by different ones. */
function grouped(
  { privilege, on, table, columns }: MissingNeed,
  needsBy: ReadonlyMap<StrategyName, readonly Need[]>,
): MissingPrivilege[] {
  const wantedBy = (column: string | null): StrategyName[] => {
    const wants = (need: Need) =>
      need.table === table &&
      (privilege === 'USAGE' ||
        (need.privilege === privilege && (column === null || need.columns?.includes(column) === true)));
    return [...needsBy].filter(([, needs]) => needs.some(wants)).map(([strategy]) => strategy);
  };
  if (columns === null) return [{ privilege, on, strategies: wantedBy(null) }];
  const groups = new Map<string, { strategies: StrategyName[]; columns: string[] }>();
  for (const column of columns) {
    const strategies = wantedBy(column);
    const group = groups.get(strategies.join()) ?? { strategies, columns: [] };
    group.columns.push(column);
    groups.set(strategies.join(), group);
  }
  return [...groups.values()].map((group) => ({
    privilege,
    on: `${on} (${group.columns.join(', ')})`,
    strategies: group.strategies,
  }));
}
