import { createHash } from 'node:crypto';
import { type IndexAdvice, type Mapped, offeredOf, type StrategyName, wantedIndexes } from '@jobsweep/core';
import type { Tables } from '../context.js';
import type { SqlSession } from '../library.js';
import type { TableName } from '../rows/tables.js';
import type { Look } from './look.js';

/** The indexes that strategies look for due rows and their allocations in, and what there is of them. */
export async function indexAdvice(
  tables: Tables,
  mapped: Mapped,
  look: Look,
  strategies: readonly StrategyName[],
): Promise<IndexAdvice[]> {
  const { catalog } = tables.dialect;
  const given = offeredOf(tables, strategies);
  const wanted = wantedIndexes(mapped).flatMap(({ rows, table: { schema, name }, ...index }) => {
    const by = index.strategies.filter((strategy) => given.includes(strategy));
    const table = { schema, table: name };
    return by.length === 0
      ? []
      : [{ ...index, table, strategies: by, name: cut(nameOf(table, rows), catalog.maxNameLength) }];
  });
  return look(async (session) => {
    const advice: IndexAdvice[] = [];
    const views = await viewsAmong(session, tables);
    for (const index of wanted) {
      const facts = await catalog.index(session, index);
      const name = facts.isTaken ? cut(`${index.name}_${hashOf(facts.statement)}`, catalog.maxNameLength) : index.name;
      const { table, columns, statement, servedBy } = facts.isTaken
        ? await catalog.index(session, { ...index, name })
        : facts;
      const isView = views.has(index.table.table);
      advice.push({
        name,
        table,
        columns,
        strategies: index.strategies,
        statement,
        servedBy,
        ...(isView && { isView }),
      });
    }
    return advice;
  });
}

async function viewsAmong(session: SqlSession, { dialect, schema }: Tables): Promise<ReadonlySet<string>> {
  const views = new Set<string>();
  for (const table of [schema.jobs, ...(schema.allocations === null ? [] : [schema.allocations])]) {
    const relation = await dialect.catalog.relation(session, table);
    if (relation !== undefined && relation.kind !== 'table') views.add(table.table);
  }
  return views;
}

/** Of the table, since on some servers the indexes of all tables share their names. */
function nameOf({ table }: TableName, rows: string): string {
  return `jobsweep_${table === 'resource_allocations' ? 'allocations' : table}_${rows}`;
}

/** Servers cut names that are too long, and take two with the same beginning for one. */
function cut(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const hash = hashOf(name);
  let start = name;
  while (Buffer.byteLength(start) > bytes - hash.length - 1) start = start.slice(0, -1);
  return `${start}_${hash}`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
