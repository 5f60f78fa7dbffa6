import {
  type IndexAdvice,
  offeredOf,
  STRATEGY_NAMES,
  type StrategyName,
  throwIfAborted,
  type WantedIndex,
  wantedIndexes,
} from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { Collection } from '../mapping/collections.js';
import type { Mapping } from '../mapping/mapping.js';
import { Collations } from '../session/collations.js';
import { type IndexInfo, indexesOf } from '../session/indexes.js';
import { translateError } from '../translate-error.js';

type Wanted = Pick<WantedIndex, 'rows' | 'table' | 'strategies'> & { readonly columns: readonly string[] };

/** The indexes that strategies look for due documents and for allocations of a job in, and what there is of them. */
export async function indexAdvice(
  context: MongoContext,
  strategies: readonly StrategyName[],
  signal: AbortSignal | undefined,
): Promise<IndexAdvice[]> {
  const { collections, parts } = context.mapping;
  const given = offeredOf(parts, strategies);
  const advice: IndexAdvice[] = [];
  for (const {
    table: { name },
    rows,
    columns,
    strategies: all,
  } of wantedOf(context.mapping)) {
    const by = all.filter((strategy) => given.includes(strategy));
    if (by.length === 0) continue;
    throwIfAborted(signal);
    const { collection } = collections.of({ name });
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

/** Those of the rules, and those that every write finds its documents by: only `_id` has one by itself. */
function wantedOf({ mapped }: Mapping): Wanted[] {
  const wanted = wantedIndexes(mapped).map(({ only, order, ...index }) => ({
    ...index,
    columns: only === null ? order : [only.column, ...order],
  }));
  const tables = [mapped.jobs.rows, ...(mapped.hasAllocations ? [mapped.allocations.rows] : [])];
  const ofIds = tables.flatMap((table) => {
    const [id = '_id'] = table.key;
    return id === '_id' ? [] : [{ rows: 'id', table, columns: [id], strategies: STRATEGY_NAMES }];
  });
  return [...wanted, ...ofIds];
}

/** Whether an index has documents in the order of some fields. */
export async function isIndexed(
  context: MongoContext,
  { collectionName }: Collection,
  columns: readonly string[],
): Promise<boolean> {
  return (await indexesOf(context, collectionName)).some((index) => serves(index, columns));
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
