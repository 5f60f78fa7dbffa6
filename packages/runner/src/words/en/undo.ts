import type { LeftReason } from '@jobsweep/core';

const left: Readonly<Record<LeftReason, string>> = {
  moved: 'have moved on since',
  gone: 'are gone',
  cut: 'had a text that was too long to be kept',
  jobMoved: 'are of jobs that have moved on',
  resourceUnknown: 'are allocations, and schema.allocations.columns.resource does not say of what',
  resourceHeld: 'are allocations of what others hold by now',
};

/** `jobsweep show` and `jobsweep undo`. */
export const undo = {
  columns: { table: 'TABLE', row: 'ROW', job: 'JOB', change: 'CHANGE' },
  deleted: 'deleted',
  undone: (at: string) => `taken back ${at}`,
  nothing: 'NULL',
  of: (strategy: string, began: string, id: string) => `${strategy}, pass ${id}, began ${began} UTC`,
  counts: (rows: string, deleted: string, undone: string) =>
    `${rows} rows: ${deleted} deleted, ${undone} taken back by now.`,
  none: 'No changes are kept of this pass: it changed nothing, they are too old, or `runner.changes` is false.',
  more: (rows: string) => `${rows} more: --limit shows them.`,
  howToUndo: (id: string) => `\`jobsweep undo ${id}\` takes them back.`,
  howToRestore: 'Deleted rows come back with `jobsweep restore`, where they were archived.',
  noPass: (id: string) => `There is no pass ${id} in the history of this config. \`jobsweep history\` names them`,
  noChanges: (id: string) => `Nothing that pass ${id} has changed is kept, so nothing can be taken back.`,
  would: (rows: string) => `${rows} rows can be put back.`,
  left: (rows: string, reason: LeftReason, ids: string) => `${rows} stay as they are: they ${left[reason]} (${ids})`,
  contended: (rows: string) => `${rows} are held by others now: run it again for these.`,
  nothingToDo: 'Nothing is left to be taken back.',
  confirm: (rows: string, strategy: string) => `Put ${rows} rows back, and pause ${strategy}?`,
  nobodyToAsk: (rows: string, strategy: string) =>
    `This would put ${rows} rows back and pause ${strategy}, and nobody is there to be asked. ` +
    'Nothing was done. Look at it with --dry-run, then give --yes.',
  done: (rows: string) => `Put ${rows} rows back.`,
  paused: (strategy: string) =>
    `${strategy} is paused, or its next pass would do the same again. Set it right, then \`jobsweep resume ${strategy}\`.`,
  held: (strategy: string, holder: string) =>
    `${holder} has the turn of ${strategy} and does not give it back. It is paused; try again in a minute.`,
  unfinished: (reason: string) => `It stopped before its end (${reason}): run it again for the rest.`,
  note: (id: string) => `Took pass ${id} back`,
};
