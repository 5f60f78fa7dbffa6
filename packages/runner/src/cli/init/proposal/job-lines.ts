import type { SurveyedTable } from '@jobsweep/core';
import {
  endLike,
  exitCodeLike,
  isNumber,
  isText,
  messageLike,
  nameLike,
  queuedLike,
  signLike,
  startLike,
  startsBadly,
  stateLike,
} from './columns.js';
import type { Counted, Line } from './lines.js';
import { Picker, type Sources } from './picker.js';
import { jobStates, type SaidStates, shareOfWords } from './states.js';
import { shownName } from './tables.js';
import type { Untold } from './untold.js';

/** The lines of the jobs table, and the values that are left alone. */
export interface JobLines {
  readonly lines: readonly Line[];
  /** A sign of life that jobs give, if there is a column of one. */
  readonly sign: Line | undefined;
  readonly unknown: readonly Counted[];
}

const at = (name: string) => `schema.jobs.columns.${name}`;
const none = (path: string): Line => ({ path, value: null, reasons: [{ kind: 'none' }] });

/**
 * Maps the columns of jobs.
 *
 * @param key the columns of its key; @param said what people have said that its values mean.
 */
export function jobLines(
  table: SurveyedTable,
  key: readonly string[],
  said: SaidStates | undefined,
  sources: Sources,
): JobLines | Untold {
  const picker = new Picker(table, sources);
  // What kind of job one is may be a part of its key.
  const called = picker.column({ path: at('name'), like: nameLike(table) });
  picker.take(...key);
  const name = shownName(table);
  const states = [...stateLike(table)].sort(
    (one, other) => likeness(table, other.name, sources) - likeness(table, one.name, sources),
  );
  const state = picker.column({ path: at('state'), like: states });
  const column = table.columns.find((each) => each.name === state?.value);
  if (state === undefined || column === undefined) return { kind: 'noState', table: name };
  const told = jobStates(column, sources.values(table, column.name), said);
  if (!told.isEnough) return { kind: 'statesUnknown', table: name, column: column.name, values: told.unknown };

  const start = picker.time({ path: at('startTime'), like: startLike(table) });
  if (start === undefined) return { kind: 'noStart', table: name };
  const end = picker.time({ path: at('endTime'), like: endLike(table) }) ?? none(at('endTime'));
  const message = picker.column({ path: at('errorMsg'), like: messageLike(table) }) ?? none(at('errorMsg'));
  const exit =
    picker.column({ path: at('exitCode'), like: exitCodeLike(table) }, (each) =>
      isNumber(each) ? { column: each.name, number: 'exitCode' } : each.name,
    ) ?? none(at('exitCode'));
  // Of what else is left: where jobs wait, it is good to know since when.
  const waits = told.lines.some(({ path }) => path.startsWith('schema.jobs.states.PENDING'));
  const queued = waits ? picker.time({ path: at('createdTime'), like: queuedLike(table) }) : undefined;
  const sign = picker.time({ path: 'filters.ageColumn', like: signLike(table) });
  return {
    lines: [
      called ?? { path: at('name'), value: fallbackName(table, key), reasons: [{ kind: 'standsIn' }] },
      state,
      startsBadly(start.value) && start.reasons[0].kind === 'nameLike'
        ? { ...start, reasons: [{ kind: 'standsIn' }, ...start.reasons.slice(1)] }
        : start,
      ...(queued === undefined ? [] : [queued]),
      ...[end, message, exit, ...told.lines],
    ],
    sign,
    unknown: told.unknown,
  };
}

/** How many values of a column are words of states. */
function likeness(table: SurveyedTable, name: string, { values }: Sources): number {
  const column = table.columns.find((each) => each.name === name);
  return column === undefined ? 0 : shareOfWords(column, values(table, name));
}

/** Some text of the key, or the key itself: it is only shown. */
const fallbackName = ({ columns }: SurveyedTable, key: readonly string[]): string =>
  columns.find((column) => key.includes(column.name) && isText(column))?.name ?? key[0] ?? 'id';
