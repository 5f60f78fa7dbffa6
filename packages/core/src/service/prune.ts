import { allOf, isIn } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { secondsToMicros } from '../driver/exact.js';
import type { Table } from '../driver/table.js';
import { throwIfAborted } from '../errors.js';
import type { Journal } from './journal.js';
import type { Own } from './own.js';
import { checkPrune } from './requests.js';

/** Rows that one transaction deletes. */
const PAGE_ROWS = 500;
const DAY_SECONDS = 86_400;

type PruneOptions = Parameters<Journal['prune']>[0];

/** Deletes the oldest rows of an own table by one of its times, a page in each transaction. Returns how many, as of `Journal.prune`. */
export async function pruneOldest<Session>(
  own: Own<Session>,
  table: Table,
  time: string,
  options: PruneOptions,
): Promise<number> {
  checkPrune(options);
  const { limit, signal } = options;
  let pruned = 0;
  while (pruned < limit) {
    throwIfAborted(signal);
    const rows = Math.min(PAGE_ROWS, limit - pruned);
    const deleted = await prunePage(own, table, time, { ...options, limit: rows });
    pruned += deleted;
    if (deleted < rows) break;
  }
  return pruned;
}

function prunePage<Session>(
  own: Own<Session>,
  table: Table,
  time: string,
  { maxAgeDays, config, limit, signal }: PruneOptions,
): Promise<number> {
  const removeOldest = async (tx: Tx) => {
    const old = { time, before: tx.now - secondsToMicros(maxAgeDays * DAY_SECONDS) };
    const where = config === undefined ? old : allOf(old, isIn('config', [config]));
    const page = await own.page(tx, { table, where, columns: [], orderBy: time, limit });
    // Nobody changes such a row, and of those that are gone only the number counts: no lock, nor the privilege.
    return page.length === 0 ? 0 : (await tx.remove(table, page, where)).length;
  };
  return own.run('write', removeOldest, { signal });
}
