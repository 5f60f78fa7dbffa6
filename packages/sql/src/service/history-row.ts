import { type BlockedRow, type HistoryEntry, keptText, type PassEntry } from '@jobsweep/core';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect.js';
import { HISTORY_LIMITS, MAX_BLOCKED, NAME_LIMITS } from './limits.js';
import type { OwnTable } from './names.js';
import { type IsoText, toDate } from './times.js';

/** A row of the history, every value as exact text. */
export interface HistoryRow {
  readonly id: string;
  readonly config: string;
  readonly strategy: string;
  readonly status: string;
  readonly stop: string;
  readonly started: IsoText;
  readonly duration: string;
  readonly cleaned: string;
  readonly found: string;
  readonly contended: string;
  readonly passedover: string;
  readonly refused: string;
  readonly unclear: string;
  readonly batches: string;
  readonly blocked: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly host: string;
  readonly holder: string;
  readonly note: string | null;
}

/** The columns of a `HistoryRow` but its time, by their aliases. */
const COLUMNS: Readonly<Record<Exclude<keyof HistoryRow, 'started'>, string>> = {
  id: 'id',
  config: 'config',
  strategy: 'strategy',
  status: 'status',
  stop: 'stop_reason',
  duration: 'duration_ms',
  cleaned: 'items_cleaned',
  found: 'items_found',
  contended: 'items_contended',
  passedover: 'items_passed_over',
  refused: 'items_blocked',
  unclear: 'items_unknown',
  batches: 'batches',
  blocked: 'blocked',
  code: 'error_code',
  message: 'error_message',
  host: 'host',
  holder: 'holder',
  note: 'note',
};

/** The history, to be narrowed down and ordered. */
export function selectHistory(build: Knex, { own }: Dialect, table: OwnTable): Knex.QueryBuilder {
  const texts = Object.entries(COLUMNS).map(([alias, column]) => build.raw(`${own.text(`h.${column}`)} as ${alias}`));
  const query: Knex.QueryBuilder = build
    .select([...texts, build.raw(`${own.timeText('h.started_at')} as started`)])
    .from(build.raw(`${own.quoted(table)} as h`));
  return query;
}

/** The values that an entry is kept as, by column, all but its id and the time it began. */
export function valuesOf(entry: PassEntry): Readonly<Record<string, string | number | null>> {
  return {
    config: entry.config,
    strategy: entry.strategy,
    status: entry.status,
    stop_reason: entry.stopReason,
    duration_ms: entry.durationMs,
    items_cleaned: entry.itemsCleaned,
    items_found: entry.itemsFound,
    items_contended: entry.itemsContended,
    items_passed_over: entry.itemsPassedOver,
    items_blocked: entry.itemsBlocked,
    items_unknown: entry.itemsUnknown,
    batches: entry.batches,
    blocked: JSON.stringify(entry.blocked.slice(0, MAX_BLOCKED).map(shortened)),
    error_code: entry.error?.code == null ? null : keptText(entry.error.code, HISTORY_LIMITS.errorCode),
    error_message: entry.error === null ? null : keptText(entry.error.message, HISTORY_LIMITS.errorMessage),
    host: keptText(entry.host, HISTORY_LIMITS.host),
    holder: keptText(entry.holder, NAME_LIMITS.holder),
    note: entry.note === null ? null : keptText(entry.note, HISTORY_LIMITS.note),
  };
}

const shortened = ({ id, code, message, constraint }: BlockedRow) => ({
  id,
  code,
  message: keptText(message, HISTORY_LIMITS.blockedMessage),
  ...(constraint !== undefined && { constraint }),
});

export function toEntry(row: HistoryRow): HistoryEntry {
  return {
    id: row.id,
    config: row.config,
    strategy: row.strategy,
    status: row.status as HistoryEntry['status'],
    stopReason: row.stop as HistoryEntry['stopReason'],
    startedAt: toDate(row.started),
    durationMs: Number(row.duration),
    itemsCleaned: Number(row.cleaned),
    itemsFound: Number(row.found),
    itemsContended: Number(row.contended),
    itemsPassedOver: Number(row.passedover),
    itemsBlocked: Number(row.refused),
    itemsUnknown: Number(row.unclear),
    batches: Number(row.batches),
    blocked: blockedOf(row.blocked),
    error: row.message === null ? null : { code: row.code, message: row.message },
    host: row.host,
    holder: row.holder,
    note: row.note,
  };
}

/** The refused rows; none where somebody else has written into the column. */
function blockedOf(json: string): BlockedRow[] {
  try {
    const rows: unknown = JSON.parse(json);
    return Array.isArray(rows) ? (rows as BlockedRow[]) : [];
  } catch {
    return [];
  }
}
