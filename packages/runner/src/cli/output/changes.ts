import type { Change, ChangeCounts, HistoryEntry } from '@jobsweep/core';
import { counted, utc } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { sayObserved } from './observed.js';
import type { Output } from './output.js';
import { columnsOf, table } from './tables.js';

/** A change as it is told. */
export type ToldChange = Omit<Change, 'version' | 'pass' | 'config' | 'strategy'>;

/** Writes what a pass has changed, for people. */
export function sayChanges(
  output: Output,
  { id, strategy, startedAt, stopReason, itemsFound, samples }: HistoryEntry,
  { rows, deleted, undone }: ChangeCounts,
  changes: readonly ToldChange[],
): void {
  const { width, style } = output;
  const words = output.words.undo;
  output.say(style('bold', words.of(strategy, utc(startedAt), id)));
  if (stopReason === 'observed') {
    sayObserved(output, { itemsFound, samples });
    return;
  }
  if (rows === 0) {
    output.say(words.none);
    return;
  }
  output.say(`${words.counts(counted(rows), counted(deleted), counted(undone))}\n`);
  const lines = changes.map((change) => [change.table, change.rowId, change.jobId ?? '', inWords(change, words)]);
  output.say(table(columnsOf(words.columns, [], ['row', 'job', 'change']), lines, { width, style }));
  if (rows > changes.length) output.say(`\n${words.more(counted(rows - changes.length))}`);
  if (rows - deleted > undone) output.say(`\n${words.howToUndo(id)}`);
  if (deleted > 0) output.say(`\n${words.howToRestore}`);
}

function inWords({ before, after, undoneAt }: ToldChange, words: Words['undo']): string {
  if (before === null || after === null) return words.deleted;
  const shown = (value: string | null | undefined) => value ?? words.nothing;
  const each = Object.keys(after)
    .filter((column) => before[column] !== after[column])
    .map((column) => `${column}: ${shown(before[column])} → ${shown(after[column])}`);
  return [...each, ...(undoneAt === null ? [] : [words.undone(utc(undoneAt))])].join('\n');
}
