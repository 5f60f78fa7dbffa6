import type { LeftReason } from '@jobsweep/core';
import { plural } from './plural.js';

/** What is said of one row, and of several. */
const left: Readonly<Record<LeftReason, readonly [string, string]>> = {
  moved: ['it has moved on since', 'they have moved on since'],
  gone: ['it is gone', 'they are gone'],
  cut: ['it had a text that was too long to be kept', 'they had a text that was too long to be kept'],
  withheld: [
    'its state was not kept: `changes.without` names it',
    'their states were not kept: `changes.without` names them',
  ],
  jobMoved: ['it is of a job that has moved on', 'they are of jobs that have moved on'],
  resourceUnknown: [
    'it is an allocation, and schema.allocations.columns.resource does not say of what',
    'they are allocations, and schema.allocations.columns.resource does not say of what',
  ],
  resourceUnset: [
    'it is an allocation, and its row names no resource',
    'they are allocations, and their rows name no resource',
  ],
  resourceHeld: ['it is an allocation of what another holds by now', 'they are allocations of what others hold by now'],
};

/** `jobsweep show` and `jobsweep undo`. */
export const undo = {
  columns: { table: 'TABLE', row: 'ROW', job: 'JOB', change: 'CHANGE' },
  deleted: 'deleted',
  undone: (at: string) => `taken back ${at}`,
  nothing: 'NULL',
  of: (strategy: string, began: string, id: string) => `${strategy}, pass ${id}, began ${began} UTC`,
  counts: (rows: string, deleted: string, undone: string) =>
    `${plural(rows, 'row')}: ${deleted} deleted, ${undone} taken back by now.`,
  none: 'No changes are kept of this pass: it changed nothing, they are too old, or `runner.changes` is false.',
  more: (rows: string) => `${rows} more: --limit shows them.`,
  howToUndo: (command: string) => `\`${command}\` takes them back, where they are still as the pass left them.`,
  howToUndoRest: (command: string) => `\`${command} --dry-run\` tells which of the others can still come back.`,
  allUndone: 'All that was changed is taken back.',
  howToRestore: (command: string) => `\`${command}\` puts deleted rows back that are in the archive.`,
  noArchive: 'Deleted rows cannot come back: no archive is kept of them (schema.archive).',
  noPass: (id: string) => `There is no pass ${id} in the history of this config. \`jobsweep history\` names them`,
  noSuchJob: (id: string, jobs: string) =>
    `Pass ${id} changed no job ${jobs}: give ids as \`jobsweep show ${id}\` prints them, and a key of several columns as a JSON array of texts, such as --job '["n1","4"]'`,
  noChanges: (id: string) => `Nothing that pass ${id} has changed is kept, so nothing can be taken back.`,
  would: (rows: string) => `${plural(rows, 'row')} can be put back.`,
  left: (rows: string, reason: LeftReason, ids: string) =>
    `${plural(rows, 'row stays as it is', 'rows stay as they are')}: ${left[reason][rows === '1' ? 0 : 1]} (${ids})`,
  contended: (rows: string) => `${plural(rows, 'row is', 'rows are')} held by others now: run it again for the rest.`,
  nothingToDo: 'Nothing is left to be taken back.',
  confirm: (rows: string, strategy: string) => `Put ${plural(rows, 'row')} back, and pause ${strategy}?`,
  nobodyToAsk: (rows: string, strategy: string) =>
    `This would put ${plural(rows, 'row')} back and pause ${strategy}, and nobody is there to be asked. ` +
    'Nothing was done. Look at it with --dry-run, then give --yes.',
  done: (rows: string) => `Put ${plural(rows, 'row')} back.`,
  paused: (strategy: string) =>
    `${strategy} is paused, or its next pass would do the same again. Set it right, then \`jobsweep resume ${strategy}\`.`,
  held: (strategy: string, holder: string) =>
    `${holder} has the turn of ${strategy} and does not give it back. It is paused; try again in a minute.`,
  /** Who has a turn, while nobody can tell its name. */
  another: 'another process',
  waiting: (strategy: string, holder: string, atMost: string) =>
    `${strategy} is paused. Waiting for its turn, which ${holder} has, for ${atMost} at most.`,
  interrupted: 'It was interrupted: what was put back stays so. Run it again for the rest.',
  unfinished: (reason: string) => `It stopped before its end (${reason}): run it again for the rest.`,
  note: (id: string) => `Took pass ${id} back`,
};
