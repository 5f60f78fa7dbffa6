import { ABANDONED_NOTE, type HistoryEntry, refusedRows } from '@jobsweep/core';
import { counted, duration, utc } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { adviceOf } from './advice.js';
import { observedInWords } from './observed.js';
import type { Output } from './output.js';
import { refusedInWords } from './refused.js';
import { columnsOf, table } from './tables.js';

/** Writes the history for people. */
export function sayHistory(output: Output, entries: readonly HistoryEntry[]): void {
  const { width, style } = output;
  const { history: words, time } = output.words;
  const columns = columnsOf(words.columns, ['id', 'repaired', 'batches', 'time'], ['host', 'note']);
  if (entries.length === 0) {
    output.say(words.nothingYet);
    return;
  }
  const rows = entries.map((entry) => [
    entry.id,
    utc(entry.startedAt),
    entry.strategy,
    style(entry.status === 'failed' ? 'red' : 'green', entry.status === 'failed' ? words.failed : entry.stopReason),
    counted(entry.itemsCleaned),
    counted(entry.batches),
    duration(entry.durationMs / 1000, time),
    entry.host,
    notesOf(entry, output.words).join(output.words.time.separator),
  ]);
  output.say(table(columns, rows, { width, style }));
}

const notesOf = (
  {
    stopReason,
    itemsFound,
    samples,
    holder,
    note,
    error,
    blocked,
    itemsContended,
    itemsBlocked,
    itemsUnknown,
  }: HistoryEntry,
  { history: words, run, failures }: Words,
): string[] => [
  ...(stopReason === 'approved' ? [words.approved(counted(itemsFound), holder)] : []),
  ...(stopReason === 'paused' || stopReason === 'resumed' ? [words[stopReason](holder)] : []),
  ...(stopReason === 'observed' ? [observedInWords({ itemsFound, samples }, words)] : []),
  ...(note === null ? [] : [note === ABANDONED_NOTE ? words.abandoned : note]),
  ...(error === null ? [] : [adviceOf(error, failures)]),
  ...(itemsContended > 0 ? [run.contended(counted(itemsContended))] : []),
  ...refusedRows({ blocked, itemsBlocked }).map((refused) => refusedInWords(refused, run)),
  ...(itemsUnknown > 0 ? [words.unknown(counted(itemsUnknown))] : []),
];
