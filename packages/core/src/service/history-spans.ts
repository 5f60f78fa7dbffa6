import type { Summed } from '../driver/driver.js';
import { dateOf } from './cells.js';
import type { HistorySpan } from './journal.js';
import type { Own } from './own.js';

/** What the passes of a span have in common. */
export const SPAN_OF = ['config', 'strategy', 'status'] as const;

/** What of them is summed up. */
export const SUMMED_COLUMNS = [
  'items_cleaned',
  'items_contended',
  'items_blocked',
  'duration_ms',
  'due_ms',
  'longest_due_ms',
] as const;

/** A group of passes as it is told. */
export function toSpan<Session>({ values }: Own<Session>, { by, from, rows, columns }: Summed): HistorySpan {
  const [config = '', strategy = '', status = ''] = by.map((exact) => (exact === null ? '' : values.shown(exact)));
  const of = (column: (typeof SUMMED_COLUMNS)[number]) => columns[column] ?? { sum: 0, greatest: 0 };
  return {
    config,
    strategy,
    status: status as HistorySpan['status'],
    from: dateOf(from),
    passes: rows,
    itemsCleaned: of('items_cleaned').sum,
    itemsContended: of('items_contended').sum,
    itemsBlocked: of('items_blocked').sum,
    durationMs: of('duration_ms').sum,
    longestMs: of('duration_ms').greatest,
    dueMs: of('due_ms').sum,
    longestDueMs: of('longest_due_ms').greatest,
  };
}
