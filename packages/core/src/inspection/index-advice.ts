import { createHash } from 'node:crypto';
import type { Table } from '../driver/table.js';
import type { Mapped } from '../rules/mapped.js';
import { type WantedIndex, wantedIndexes } from '../rules/wanted-indexes.js';
import { nameOf } from '../service/own-names.js';
import type { StrategyName } from '../strategies/names.js';
import type { Catalog, IndexFacts } from './catalog.js';
import type { IndexAdvice } from './diagnosis.js';
import type { Look } from './look.js';

/** An order of the rows of some states. */
export type RowOrder = Pick<WantedIndex, 'only' | 'order'>;

/** The indexes that strategies look for due rows and their allocations in, and what there is of them. */
export async function indexAdvice(
  { catalog, facts: factsOf }: Look,
  mapped: Mapped,
  strategies: readonly StrategyName[],
  isSilent: boolean,
): Promise<IndexAdvice[]> {
  const advice: IndexAdvice[] = [];
  for (const { rows, table, only, order, strategies: all } of wantedIndexes(mapped, isSilent)) {
    const by = all.filter((strategy) => strategies.includes(strategy));
    if (by.length === 0) continue;
    // What is not there yet gets its indexes all the same.
    const facts = (await factsOf(table)) ?? { name: nameOf(table), isView: false, indexes: [] };
    const served = facts.indexes.find((index) => serves(catalog, index, { only, order }));
    const taken = facts.indexes.filter((index) => index !== served).map(({ name }) => name);
    const name = freeName(indexName(table, rows), taken, catalog.maxNameBytes);
    const columns = only === null || catalog.hasPartialIndexes ? order : [only.column, ...order];
    const statement = await catalog.indexStatement({ name, columns, only, order }, table, facts);
    const servedBy = served?.name ?? null;
    advice.push({
      ...{ name, table: facts.name, columns, strategies: by, statement, servedBy },
      ...(facts.isView && { isView: true }),
    });
  }
  return advice;
}

/** Whether an index has rows in an order. */
export function serves(
  { hasPartialIndexes }: Pick<Catalog, 'hasPartialIndexes'>,
  { columns, only: has }: IndexFacts,
  { only, order }: RowOrder,
): boolean {
  const begins = (names: readonly string[]) => names.every((name, place) => columns[place] === name);
  if (has === null) return false;
  if (has !== undefined) {
    const isSame = only?.column === has.column && only.values.length === has.values.size;
    return (
      isSame && only.values.every((value) => has.values.has(value === null ? null : String(value))) && begins(order)
    );
  }
  if (only === null) return begins(order);
  // Of all rows: as short a way to those of one state as a partial one, where the state comes first.
  return (!hasPartialIndexes || only.values.length === 1) && begins([only.column, ...order]);
}

/** Of the table, since on some servers the indexes of all tables share their names. */
function indexName({ name }: Table, rows: string): string {
  return `jobsweep_${name === 'resource_allocations' ? 'allocations' : name}_${rows}`;
}

/** The name, or the next one that no index has. Servers cut names that are too long, and take two with one beginning for one. */
function freeName(name: string, taken: readonly string[], bytes: number): string {
  for (let number = 1; ; number += 1) {
    const next = cut(number === 1 ? name : `${name}_${number}`, bytes);
    if (!taken.includes(next)) return next;
  }
}

function cut(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  let start = name;
  while (Buffer.byteLength(start) > bytes - hash.length - 1) start = start.slice(0, -1);
  return `${start}_${hash}`;
}
