import type { Tx } from '../driver/driver.js';
import type { Assignments, Row } from '../driver/row.js';
import type { PlanSample } from '../pass/plan-sample.js';
import type { BlockedRow } from '../pass/result.js';
import { Cells, dateOf } from './cells.js';
import type { ClaimRow } from './claim-row.js';
import type { HistoryEntry, PassEntry } from './journal.js';
import { keptText } from './kept-text.js';
import type { Own } from './own.js';
import { HISTORY_COLUMNS, NAME_LIMITS, TEXT_LIMITS } from './own-columns.js';

/** Rows that are kept of those that were refused in one pass, and how much of what was said of each. */
const MAX_BLOCKED = 100;
const BLOCKED_CHARACTERS = 500;

/** Rows that are kept of those that a strategy which observes would have repaired, and how much of what is said of each. */
export const KEPT_SAMPLES = 20;
const SAMPLE_CHARACTERS = 500;

/** The columns of the history beside its key. */
export const ENTRY_COLUMNS: readonly string[] = Object.keys(HISTORY_COLUMNS).filter((column) => column !== 'id');

/** What only a turn's own row knows of its pass: when it began, and what its changes are kept under. */
type Turn = Pick<ClaimRow, 'startedAt' | 'pass'>;

/** Adds a pass to the history, in the transaction of whatever ended it. Without a turn it began by its duration before now. */
export async function keepEntry<Session>(
  own: Own<Session>,
  tx: Tx,
  entry: PassEntry,
  { startedAt, pass }: Turn = { startedAt: null, pass: null },
): Promise<void> {
  await own.require(own.history);
  const began = startedAt === null ? { afterSeconds: -entry.durationMs / 1000 } : { time: startedAt };
  await tx.insert(own.history, { ...written(entry), pass: { value: pass }, started_at: began });
}

function written(entry: PassEntry): Assignments {
  const { error, note, samples = [] } = entry;
  const values: Readonly<Record<string, string | number | null>> = {
    config: entry.config,
    strategy: entry.strategy,
    status: entry.status,
    stop_reason: entry.stopReason,
    duration_ms: entry.durationMs,
    due_ms: kept(entry.dueMs),
    longest_due_ms: kept(entry.longestDueMs),
    items_cleaned: entry.itemsCleaned,
    items_found: entry.itemsFound,
    items_contended: entry.itemsContended,
    items_passed_over: entry.itemsPassedOver,
    items_blocked: entry.itemsBlocked,
    items_unknown: entry.itemsUnknown,
    batches: entry.batches,
    blocked: JSON.stringify(entry.blocked.slice(0, MAX_BLOCKED).map(shortened)),
    samples: samples.length === 0 ? null : JSON.stringify(samples.slice(0, KEPT_SAMPLES).map(keptSample)),
    error_code: error?.code == null ? null : keptText(error.code, TEXT_LIMITS.error_code),
    error_message: error === null ? null : keptText(error.message, TEXT_LIMITS.error_message),
    host: keptText(entry.host, TEXT_LIMITS.host),
    holder: keptText(entry.holder, NAME_LIMITS.holder),
    note: note === null ? null : keptText(note, TEXT_LIMITS.note),
  };
  return Object.fromEntries(Object.entries(values).map(([column, value]) => [column, { value }]));
}

/** What every database keeps exactly: a sum over many old rows may be more. */
const kept = (ms: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.round(ms));

const shortened = ({ id, code, message, constraint }: BlockedRow) => ({
  id,
  code,
  message: keptText(message, BLOCKED_CHARACTERS),
  ...(constraint !== undefined && { constraint }),
});

const keptSample = ({ description, ...sample }: PlanSample) => ({
  ...sample,
  description: keptText(description, SAMPLE_CHARACTERS),
});

export function toEntry<Session>({ history, values }: Own<Session>, { key, columns }: Row): HistoryEntry {
  const cells = new Cells(history, values, columns);
  const text = (column: string) => cells.text(column) ?? '';
  const message = cells.text('error_message');
  return {
    id: values.idOf(key),
    config: text('config'),
    strategy: text('strategy'),
    status: text('status') as HistoryEntry['status'],
    stopReason: text('stop_reason') as HistoryEntry['stopReason'],
    startedAt: dateOf(cells.time('started_at') ?? 0n),
    durationMs: cells.number('duration_ms'),
    dueMs: cells.number('due_ms'),
    longestDueMs: cells.number('longest_due_ms'),
    itemsCleaned: cells.number('items_cleaned'),
    itemsFound: cells.number('items_found'),
    itemsContended: cells.number('items_contended'),
    itemsPassedOver: cells.number('items_passed_over'),
    itemsBlocked: cells.number('items_blocked'),
    itemsUnknown: cells.number('items_unknown'),
    batches: cells.number('batches'),
    blocked: listIn<BlockedRow>(cells.text('blocked')),
    samples: listIn<Kept>(cells.text('samples')).map(toSample),
    error: message === null ? null : { code: cells.text('error_code'), message },
    host: text('host'),
    holder: text('holder'),
    note: cells.text('note'),
    pass: cells.text('pass'),
  };
}

/** What JSON keeps of a sample. */
type Kept = Omit<PlanSample, 'dueSince'> & { readonly dueSince: string | null };

const toSample = ({ id, description, dueSince }: Kept): PlanSample => ({
  id,
  description,
  dueSince: dueSince === null ? null : new Date(dueSince),
});

/** A list that is kept as JSON; empty where there is none, or somebody else has written into the column. */
function listIn<Item>(json: string | null): Item[] {
  try {
    const rows: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(rows) ? (rows as Item[]) : [];
  } catch {
    return [];
  }
}
