import { allOf, isIn } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, secondsToMicros } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { throwIfAborted } from '../errors.js';
import type { Journal } from './journal.js';
import type { Own } from './own.js';
import { checkPrune } from './requests.js';

/** Rows that one transaction deletes. */
const PAGE_ROWS = 500;
const DAY_SECONDS = 86_400;

type PruneOptions = Parameters<Journal['prune']>[0];

/** How old a row is, and how the oldest are found. */
interface Age {
  readonly time: string;
  /** Of a table whose keys are in the order of time: what no key of a row until then is above. Absent: the time has an index. */
  readonly keyUntil?: (instant: bigint) => Key;
}

/** Deletes the oldest rows of an own table, a page in each transaction. Returns how many, as of `Journal.prune`. */
export async function pruneOldest<Session>(
  own: Own<Session>,
  table: Table,
  age: Age,
  options: PruneOptions,
): Promise<number> {
  checkPrune(options);
  const { limit, signal } = options;
  let pruned = 0;
  while (pruned < limit) {
    throwIfAborted(signal);
    const rows = Math.min(PAGE_ROWS, limit - pruned);
    const deleted = await prunePage(own, table, age, { ...options, limit: rows });
    pruned += deleted;
    if (deleted < rows) break;
  }
  return pruned;
}

function prunePage<Session>(
  own: Own<Session>,
  table: Table,
  { time, keyUntil }: Age,
  { maxAgeDays, config, limit, signal }: PruneOptions,
): Promise<number> {
  const removeOldest = async (tx: Tx) => {
    const before = tx.now - secondsToMicros(maxAgeDays * DAY_SECONDS);
    const old = { time, before };
    const where = config === undefined ? old : allOf(old, isIn('config', [config]));
    const first = keyUntil === undefined ? { orderBy: time } : { upTo: { key: keyUntil(before) } };
    const page = await own.page(tx, { table, where, columns: [], ...first, limit });
    // Nobody changes such a row, and of those that are gone only the number counts: no lock, nor the privilege.
    return page.length === 0 ? 0 : (await tx.remove(table, page, where)).length;
  };
  return own.run('write', removeOldest, { signal });
}
