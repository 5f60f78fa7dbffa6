import { type IndexAdvice, type StrategyName, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import type { Mapping } from '../mapping/mapping.js';
import { Collations } from '../session/collations.js';
import { type IndexInfo, indexesOf } from '../session/indexes.js';
import { translateError } from '../translate-error.js';
import { offered } from './offered.js';

interface Wanted {
  readonly collection: Collection;
  /** What the rows of it are, for the name. */
  readonly rows: string;
  readonly columns: readonly string[];
  readonly strategies: readonly StrategyName[];
}

/** The indexes that strategies look for due documents and for allocations of a job in, and what there is of them. */
export async function indexAdvice(
  context: MongoContext,
  strategies: readonly StrategyName[],
  signal: AbortSignal | undefined,
): Promise<IndexAdvice[]> {
  const given = offered(context.mapping, strategies);
  const advice: IndexAdvice[] = [];
  for (const { collection, rows, columns, strategies: all } of wantedIndexes(context.mapping)) {
    const by = all.filter((strategy) => given.includes(strategy));
    if (by.length === 0) continue;
    throwIfAborted(signal);
    const table = collection.collectionName;
    const there = await indexesOf(context, table);
    const free = freeName(`jobsweep_${rows}`, there);
    const spec = { key: keyOf(columns), name: free, ...(await collationOf(context, collection)) };
    const servedBy = there.find((index) => serves(index, columns))?.name ?? null;
    advice.push({ name: free, table, columns, strategies: by, statement: statementOf(table, spec), servedBy });
  }
  return advice;
}

/** What `createIndexes` is told. */
export async function indexSpec(context: MongoContext, { columns, name, table }: IndexAdvice) {
  const collection = context.connection.collection(table);
  return { key: keyOf(columns), name, ...(await collationOf(context, collection)) };
}

function wantedIndexes(mapping: Mapping): Wanted[] {
  const { jobs, allocations, mapped, schema } = mapping;
  const { id, state, endTime } = schema.jobs.columns;
  const ofJobs: Wanted[] = [
    {
      collection: jobs.collection,
      rows: 'running',
      columns: [state, mapped.ageTime.column, id],
      strategies: ['stuck_job_cleanup'],
    },
    {
      collection: jobs.collection,
      rows: 'finished',
      columns: [state, endTime.column, id],
      strategies: ['old_job_cleanup'],
    },
    ...ofIds(jobs.collection, 'job_id', id),
  ];
  if (allocations === null || schema.allocations === null) return ofJobs;
  const { collection } = allocations;
  const { columns: fields } = schema.allocations;
  return [
    {
      collection,
      rows: 'unreleased',
      columns: [fields.status, fields.id],
      strategies: ['completed_job_cleanup'],
    },
    {
      collection,
      rows: 'reserved',
      columns: [fields.status, fields.allocationTime.column, fields.id],
      strategies: ['stale_reservation_cleanup'],
    },
    ...ofJobs,
    {
      // Siblings, what a failed job holds, and what goes before its job when that is deleted.
      collection,
      rows: 'of_job',
      columns: [fields.jobId],
      strategies: ['stale_reservation_cleanup', 'stuck_job_cleanup', 'old_job_cleanup'],
    },
    ...ofIds(collection, 'allocation_id', fields.id),
  ];
}

/** Every write finds its documents by their ids, which only `_id` has an index for by itself. */
function ofIds(collection: Collection, rows: string, id: string): Wanted[] {
  if (id === '_id') return [];
  const strategies = [
    'completed_job_cleanup',
    'stale_reservation_cleanup',
    'stuck_job_cleanup',
    'old_job_cleanup',
  ] as const;
  return [{ collection, rows, columns: [id], strategies }];
}

/** Whether an index begins with the fields, in an order that can be read from either end, and has every document. */
function serves(index: IndexInfo, columns: readonly string[]): boolean {
  const { key, sparse, hidden, partialFilterExpression, collation } = index;
  if (sparse === true || hidden === true || partialFilterExpression !== undefined) return false;
  if (collation?.locale !== undefined && collation.locale !== 'simple') return false;
  const fields = Object.entries(key);
  const [, first] = fields[0] ?? [];
  return (
    (first === 1 || first === -1) &&
    columns.every((column, at) => fields[at]?.[0] === column && fields[at][1] === first)
  );
}

/** The name, or the next one that no index has. */
function freeName(name: string, there: readonly IndexInfo[]): string {
  const taken = there.map((index) => index.name);
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.includes(`${name}_${number}`)) return `${name}_${number}`;
}

async function collationOf({ connection, opened, settings }: MongoContext, collection: Collection) {
  try {
    await opened();
    return await new Collations(connection, settings.statementTimeoutMs).of(collection);
  } catch (error) {
    throw translateError(error, false);
  }
}

const keyOf = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, 1 as const]));

/** A line for mongosh. MongoDB locks writes out for a moment at the beginning and the end of it, and not in between. */
function statementOf(table: string, { key, ...options }: { readonly key: object; readonly name: string }): string {
  return `db.getCollection(${JSON.stringify(table)}).createIndex(${JSON.stringify(key)}, ${JSON.stringify(options)})`;
}
