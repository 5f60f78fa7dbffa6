import { createHash } from 'node:crypto';
import { FINISHED_JOB_STATES, type IndexAdvice, type StrategyName, UNRELEASED_RESOURCE_STATUSES } from '@jobsweep/core';
import type { WantedIndex } from '../catalog.js';
import type { Tables } from '../context.js';
import type { SqlSession } from '../library.js';
import type { TableName } from '../rows/tables.js';
import type { Look } from './look.js';
import { offered } from './offered.js';

/** The indexes that strategies look for due rows and their allocations in, and what there is of them. */
export async function indexAdvice(
  tables: Tables,
  look: Look,
  strategies: readonly StrategyName[],
): Promise<IndexAdvice[]> {
  const { catalog } = tables.dialect;
  const given = offered(tables, strategies);
  const wanted = wantedIndexes(tables).flatMap((index) => {
    const by = index.strategies.filter((strategy) => given.includes(strategy));
    return by.length === 0 ? [] : [{ ...index, strategies: by, name: cut(index.name, catalog.maxNameLength) }];
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
      const isView = views.has(index.table);
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

async function viewsAmong(session: SqlSession, { dialect, schema }: Tables): Promise<ReadonlySet<TableName>> {
  const views = new Set<TableName>();
  for (const table of [schema.jobs, ...(schema.allocations === null ? [] : [schema.allocations])]) {
    const relation = await dialect.catalog.relation(session, table);
    if (relation !== undefined && relation.kind !== 'table') views.add(table);
  }
  return views;
}

function wantedIndexes(tables: Tables): WantedIndex[] {
  const { jobs, allocations } = tables.schema;
  const { id, state, endTime } = jobs.columns;
  const ofJobs: WantedIndex[] = [
    {
      name: nameOf(jobs, 'running'),
      table: jobs,
      only: { column: state, values: jobs.states.rawOf('RUNNING') },
      order: [(tables.filters.ageColumn ?? tables.schema.jobs.columns.startTime).column, id],
      strategies: ['stuck_job_cleanup'],
    },
    {
      name: nameOf(jobs, 'finished'),
      table: jobs,
      only: { column: state, values: jobs.states.rawOf(...FINISHED_JOB_STATES) },
      order: [endTime.column, id],
      strategies: ['old_job_cleanup'],
    },
  ];
  if (allocations === null) return ofJobs;
  const { columns, statuses } = allocations;
  return [
    {
      name: nameOf(allocations, 'unreleased'),
      table: allocations,
      only: { column: columns.status, values: statuses.rawOf(...UNRELEASED_RESOURCE_STATUSES) },
      order: [columns.id],
      strategies: ['completed_job_cleanup'],
    },
    {
      name: nameOf(allocations, 'reserved'),
      table: allocations,
      only: { column: columns.status, values: statuses.rawOf('RESERVED') },
      order: [columns.allocationTime.column, columns.id],
      strategies: ['stale_reservation_cleanup'],
    },
    ...ofJobs,
    {
      // Siblings, what a failed job holds, and what goes before its job when that is deleted.
      name: nameOf(allocations, 'job'),
      table: allocations,
      only: null,
      order: [columns.jobId],
      strategies: ['stale_reservation_cleanup', 'stuck_job_cleanup', 'old_job_cleanup'],
    },
  ];
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
