import type { HistoryEntry } from '@jobsweep/core';
import { count, duration, utc } from './numbers.js';
import type { Output } from './output.js';
import { table } from './tables.js';

const COLUMNS = [
  { title: 'BEGAN (UTC)' },
  { title: 'STRATEGY' },
  { title: 'RESULT' },
  { title: 'REPAIRED', align: 'right' },
  { title: 'BATCHES', align: 'right' },
  { title: 'TIME', align: 'right' },
  { title: 'HOST', wraps: true },
  { title: 'NOTE', wraps: true },
] as const;

/** Writes the history for people. */
export function sayHistory(output: Output, entries: readonly HistoryEntry[]): void {
  const { width, style } = output;
  if (entries.length === 0) {
    output.say('No pass has done anything yet.');
    return;
  }
  const rows = entries.map((entry) => [
    utc(entry.startedAt),
    entry.strategy,
    style(entry.status === 'failed' ? 'red' : 'green', entry.status === 'failed' ? 'failed' : entry.stopReason),
    count(entry.itemsCleaned),
    count(entry.batches),
    duration(entry.durationMs / 1000),
    entry.host,
    notesOf(entry).join('; '),
  ]);
  output.say(table(COLUMNS, rows, { width, style }));
}

const notesOf = ({ note, error, itemsContended, itemsBlocked, itemsUnknown }: HistoryEntry): string[] => [
  ...(note === null ? [] : [note]),
  ...(error === null ? [] : [error.message]),
  ...(itemsContended > 0 ? [`${count(itemsContended)} held by others`] : []),
  ...(itemsBlocked > 0 ? [`${count(itemsBlocked)} refused by the database`] : []),
  ...(itemsUnknown > 0 ? [`${count(itemsUnknown)} unknown`] : []),
];
