import { type Change, type ChangeCounts, type HistoryEntry, visible } from '@jobsweep/core';
import { counted, utc } from '../../words/numbers.js';
import { sayObserved } from './observed.js';
import type { Output } from './output.js';
import { columnsOf, table } from './tables.js';

/** A change as it is told. */
export type ToldChange = Omit<Change, 'version' | 'pass' | 'config' | 'strategy'>;

/** How much a pass has changed; `isCapped`: at least so much, where counting has stopped. */
export interface ToldCounts extends ChangeCounts {
  readonly isCapped: boolean;
}

/** Writes of which pass changes are shown, and how many there are, for people. */
export function sayPass(
  output: Output,
  { id, strategy, startedAt, stopReason, itemsFound, samples }: HistoryEntry,
  { rows, deleted, undone, isCapped }: ToldCounts,
): void {
  const words = output.words.undo;
  output.tell(output.style('bold', words.of(strategy, utc(startedAt), id)));
  if (stopReason === 'observed') sayObserved(output, { itemsFound, samples });
  else if (rows === 0) output.tell(words.none);
  else output.tell(words.counts(counted(rows, isCapped), counted(deleted, isCapped), counted(undone, isCapped)));
}

/** Writes some changes, for people. */
export function sayChanges(output: Output, changes: readonly ToldChange[]): void {
  const { width, style } = output;
  const { columns } = output.words.undo;
  const lines = changes.map((change) => [change.table, change.rowId, change.jobId ?? '', inWords(change, output)]);
  output.say(`\n${table(columnsOf(columns, [], ['row', 'job', 'change']), lines, { width, style })}`);
}

/** What is to be known below changes. */
interface Below {
  readonly counts: ToldCounts;
  readonly leftOut: number;
  /** What `jobsweep undo` and `jobsweep restore` are given, to be about these changes. */
  readonly pass: string;
  readonly jobs: readonly string[] | undefined;
  readonly hasArchive: boolean;
}

/** Writes how many changes are left out, and how those that there are come back, for people. */
export function sayHowTheyComeBack(
  output: Output,
  { counts: { rows, deleted, undone, isCapped }, leftOut, pass, jobs = [], hasArchive }: Below,
): void {
  const words = output.words.undo;
  const ofJobs = jobs.length === 0 ? '' : ` --job ${jobs.map(asArgument).join(' ')}`;
  const undo = visible(`jobsweep undo ${pass}${ofJobs}`);
  const changed = rows - deleted;
  if (leftOut > 0) output.tell(`\n${words.more(counted(leftOut, isCapped))}`);
  if (changed > 0 && undone >= changed && !isCapped) output.tell(`\n${words.allUndone}`);
  else if (changed > 0) output.tell(`\n${undone > 0 ? words.howToUndoRest(undo) : words.howToUndo(undo)}`);
  if (deleted > 0 && hasArchive)
    output.tell(`\n${words.howToRestore(visible(`jobsweep restore --pass ${pass}${ofJobs}`))}`);
  else if (deleted > 0) output.tell(`\n${words.noArchive}`);
}

/** An id as a shell takes it for one argument. */
const asArgument = (id: string): string => (/^[\w.:@-]+$/.test(id) ? id : `'${id.replaceAll("'", String.raw`'\''`)}'`);

function inWords({ before, after, undoneAt }: ToldChange, output: Output): string {
  const words = output.words.undo;
  if (before === null || after === null) return words.deleted;
  const each = Object.keys(after)
    .filter((column) => before[column] !== after[column])
    .map((column) => `${column}: ${valueInWords(before[column], output)} → ${valueInWords(after[column], output)}`);
  return [...each, ...(undoneAt === null ? [] : [words.undone(utc(undoneAt))])].join('\n');
}

/** A text that could be taken for NULL, for nothing, or for one that is quoted, is quoted. */
function valueInWords(value: string | null | undefined, { style, words }: Output): string {
  const { nothing } = words.undo;
  if (value == null) return style('dim', nothing);
  return value === nothing || /^$|^[\s"]|[\s"]$/.test(value) ? `"${value}"` : value;
}
