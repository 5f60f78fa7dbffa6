import { allOf, type Condition, isIn, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Key, secondsToMicros } from '../driver/exact.js';
import { invalidOption, throwIfAborted } from '../errors.js';
import { ENTRY_COLUMNS, keepEntry, toEntry } from './history-rows.js';
import type { HistoryOptions, Journal } from './journal.js';
import type { Own } from './own.js';
import { checkName, checkPassEntry, checkPrune, historyLimit } from './requests.js';

/** Rows that one transaction deletes. */
const PAGE_ROWS = 500;
const DAY_SECONDS = 86_400;

/** Whole numbers that every database with such keys can be asked for. */
const WHOLE_NUMBER = /^\d{1,18}$/;

/** The history of passes, on any database that has a driver: newest first means the one that was appended last. */
export function driverJournal<Session>(own: Own<Session>): Journal {
  const { history: table } = own;
  return {
    async append(entry) {
      checkPassEntry(entry);
      await own.run('write', (tx) => keepEntry(own, tx, entry));
    },

    async read(options = {}) {
      const { before, signal } = options;
      const limit = historyLimit(options);
      const after = before && { key: keyOf(own, before.id) };
      const query = { table, where: asked(options), columns: ENTRY_COLUMNS, descending: true, after, limit };
      const rows = await own.run('read', (tx) => own.page(tx, query), { signal });
      return rows.map((row) => toEntry(own, row));
    },

    async prune(options) {
      checkPrune(options);
      const { limit, signal } = options;
      let pruned = 0;
      while (pruned < limit) {
        throwIfAborted(signal);
        const rows = Math.min(PAGE_ROWS, limit - pruned);
        const deleted = await prunePage(own, { ...options, limit: rows });
        pruned += deleted;
        if (deleted < rows) break;
      }
      return pruned;
    },
  };
}

/** Deletes the oldest rows, in a transaction of its own. */
function prunePage<Session>(
  own: Own<Session>,
  { maxAgeDays, config, limit, signal }: Parameters<Journal['prune']>[0],
): Promise<number> {
  const { history: table } = own;
  const removeOldest = async (tx: Tx) => {
    const old = { time: 'started_at', before: tx.now - secondsToMicros(maxAgeDays * DAY_SECONDS) };
    const where = config === undefined ? old : allOf(old, isIn('config', [config]));
    const page = await own.page(tx, { table, where, columns: [], orderBy: 'started_at', limit });
    // Nobody changes a row of the history, and of those that are gone only the number counts: no lock, nor the privilege.
    return page.length === 0 ? 0 : (await tx.remove(table, page, where)).length;
  };
  return own.run('write', removeOldest, { signal });
}

/** The key of the last entry of the page before. Throws `INVALID_OPTION` for what is none. */
function keyOf<Session>({ history, parts, values }: Own<Session>, id: string): Key {
  const [key] = (parts.entryId ?? WHOLE_NUMBER).test(id) ? values.keysOf(history, id, undefined) : [];
  if (key === undefined) throw invalidOption('before', id, 'give the last entry of the page before');
  return key;
}

function asked({ config, strategy, repairedOnly = false }: HistoryOptions): Condition {
  if (strategy !== undefined) checkName('strategy', strategy);
  return allOf(
    ...(config === undefined ? [] : [isIn('config', [config])]),
    ...(strategy === undefined ? [] : [isIn('strategy', [strategy])]),
    ...(repairedOnly ? [not(isIn('items_cleaned', [0]))] : []),
  );
}
