import { allOf, type Condition, isIn, not } from '../driver/condition.js';
import type { SumQuery, Tx } from '../driver/driver.js';
import { secondsToMicros } from '../driver/exact.js';
import { ENTRY_COLUMNS, keepEntry, toEntry } from './history-rows.js';
import { SPAN_OF, SUMMED_COLUMNS, toSpan } from './history-spans.js';
import type { HistoryEntry, HistoryOptions, Journal } from './journal.js';
import type { Own } from './own.js';
import { pruneOldest } from './prune.js';
import { checkName, checkPassEntry, checkTotals, historyLimit, idKey } from './requests.js';

/** Spans that are told of at most. */
const MAX_SPANS = 20_000;

/** What operators do is in the history as well, and what passes only saw. */
const NO_REPAIR: readonly HistoryEntry['stopReason'][] = [
  'approved',
  'paused',
  'resumed',
  'undone',
  'restored',
  'observed',
];

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
      const after = before && { key: idKey(own, table, before.id) };
      const query = { table, where: asked(own, options), columns: ENTRY_COLUMNS, descending: true, after, limit };
      const rows = await own.run('read', (tx) => own.page(tx, query), { signal });
      return rows.map((row) => toEntry(own, row));
    },

    async totals(options) {
      checkTotals(options);
      const { config, withinSeconds, spanSeconds, signal } = options;
      const query = (tx: Tx): SumQuery => ({
        table,
        where: allOf(...(config === undefined ? [] : [isIn('config', [config])]), not(isIn('stop_reason', NO_REPAIR))),
        by: SPAN_OF,
        span: { time: 'started_at', seconds: spanSeconds, since: tx.now - secondsToMicros(withinSeconds) },
        columns: SUMMED_COLUMNS,
        limit: MAX_SPANS,
      });
      const sums = await own.run('read', (tx) => own.sums(tx, query(tx)), { signal });
      return sums.map((each) => toSpan(own, each));
    },

    prune: (options) => pruneOldest(own, table, { time: 'started_at' }, options),
  };
}

function asked<Session>(own: Own<Session>, { id, config, strategy, repairedOnly = false }: HistoryOptions): Condition {
  if (strategy !== undefined) checkName('strategy', strategy);
  if (id !== undefined) idKey(own, own.history, id);
  return allOf(
    ...(id === undefined ? [] : [isIn(String(own.history.key[0]), [id])]),
    ...(config === undefined ? [] : [isIn('config', [config])]),
    ...(strategy === undefined ? [] : [isIn('strategy', [strategy])]),
    ...(repairedOnly ? [not(isIn('items_cleaned', [0])), not(isIn('stop_reason', ['undone', 'restored']))] : []),
  );
}
