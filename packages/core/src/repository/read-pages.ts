import type { Query } from '../driver/driver.js';
import type { Row } from '../driver/row.js';
import { throwIfAborted } from '../errors.js';
import { requireRows } from '../paging.js';
import { DEFAULT_BATCH_ROWS } from '../pass/batch-size.js';
import type { GetOptions } from '../repository.js';
import type { PagedTx } from './range.js';

/** A page of what a query finds or, without a limit, all rows, page by page. */
export const read = <Out>(
  tx: PagedTx,
  query: Omit<Query, 'limit'>,
  toOut: (row: Row) => Out | undefined,
  options: GetOptions<Out>,
): Promise<Out[]> => readAll(tx, [query], toOut, options);

/** The same of several queries, one after the other. */
export async function readAll<Out>(
  tx: PagedTx,
  queries: readonly Omit<Query, 'limit'>[],
  toOut: (row: Row) => Out | undefined,
  options: GetOptions<Out>,
): Promise<Out[]> {
  requireRows('limit', options.limit);
  const found: Out[] = [];
  for (const query of queries) {
    await readInto(found, tx, query, toOut, options);
    if (found.length === options.limit) break;
  }
  return found;
}

/** It ends where the database has no more, whatever became of its rows. */
async function readInto<Out>(
  found: Out[],
  tx: PagedTx,
  query: Omit<Query, 'limit'>,
  toOut: (row: Row) => Out | undefined,
  { limit, signal }: GetOptions<Out>,
): Promise<void> {
  let { after } = query;
  for (;;) {
    throwIfAborted(signal);
    const wanted = limit === undefined ? DEFAULT_BATCH_ROWS : limit - found.length;
    const page = await tx.page({ ...query, after, limit: wanted });
    for (const row of page) {
      const out = toOut(row);
      if (out !== undefined) found.push(out);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < wanted || found.length === limit) return;
    after = { key: last.key, ...(query.orderBy !== undefined && { time: last.columns[query.orderBy] ?? null }) };
  }
}
