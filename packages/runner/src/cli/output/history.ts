import { type HistoryEntry, refusedRows } from '@jobsweep/core';
import { counted } from '../../counted.js';
import { duration, utc } from './numbers.js';
import type { Output } from './output.js';
import { refusedInWords } from './refused.js';
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
    counted(entry.itemsCleaned),
    counted(entry.batches),
    duration(entry.durationMs / 1000),
    entry.host,
    notesOf(entry).join('; '),
  ]);
  output.say(table(COLUMNS, rows, { width, style }));
}

const notesOf = ({ note, error, blocked, itemsContended, itemsBlocked, itemsUnknown }: HistoryEntry): string[] => [
  ...(note === null ? [] : [note]),
  ...(error === null ? [] : [error.message]),
  ...(itemsContended > 0 ? [`${counted(itemsContended)} held by others`] : []),
  ...refusedRows({ blocked, itemsBlocked }).map((refused) => refusedInWords(refused)),
  ...(itemsUnknown > 0 ? [`${counted(itemsUnknown)} unknown`] : []),
];
