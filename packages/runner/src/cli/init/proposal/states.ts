import type { JobState, ResourceStatus, SurveyedColumn, SurveyedValues } from '@jobsweep/core';
import { isNumber } from './columns.js';
import type { Counted, Line, Reason } from './lines.js';

/** What words of values mean, in lower case and without anything between. */
const list = (words: string) => new Set(words.split(' '));

const JOB_WORDS: Readonly<Record<JobState, ReadonlySet<string>>> = {
  PENDING: list(
    'pending queued queue waiting wait new created scheduled submitted ready available init initialized todo open enqueued delayed notstarted retry retrying',
  ),
  RUNNING: list('running run active started inprogress progress processing executing working building busy'),
  COMPLETED: list('completed complete done succeeded succeed success successful finished ok passed processed'),
  FAILED: list('failed fail failure error errored crashed crash dead timeout timedout exception'),
  CANCELLED: list('cancelled canceled cancel aborted abort killed revoked skipped'),
};

const STATUS_WORDS: Readonly<Record<ResourceStatus, ReadonlySet<string>>> = {
  RESERVED: list('reserved reserve pending requested booked'),
  ALLOCATED: list('allocated active locked lock inuse used taken occupied held acquired assigned leased granted'),
  RELEASED: list('released release free freed available returned unlocked givenback done closed idle inactive'),
};

const meaning = <State extends string>(value: string, words: Readonly<Record<State, ReadonlySet<string>>>) => {
  const plain = value.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return (Object.keys(words) as State[]).find((state) => words[state].has(plain));
};

/** States of a table, as the values of a column tell them. */
export interface ToldStates {
  readonly lines: readonly Line[];
  /** Values of which nobody knows what they mean: rows that have them are left alone. */
  readonly unknown: readonly Counted[];
  /** Whether they can be written into a config: all that must be there is. */
  readonly isEnough: boolean;
}

/** What is asked of the states of a table. */
interface Asked<State extends string> {
  /** `schema.jobs.states`. */
  readonly path: string;
  readonly words: Readonly<Record<State, ReadonlySet<string>>>;
  readonly required: readonly State[];
}

const JOBS: Asked<JobState> = { path: 'schema.jobs.states', words: JOB_WORDS, required: ['RUNNING', 'FAILED'] };
const ALLOCATIONS: Asked<ResourceStatus> = {
  path: 'schema.allocations.statuses',
  words: STATUS_WORDS,
  required: ['RELEASED'],
};

/** What somebody has said that values mean; `null`: nothing that jobsweep knows. */
export type SaidStates = ReadonlyMap<string, string | null>;

export const jobStates = (column: SurveyedColumn, values: SurveyedValues | undefined, said?: SaidStates): ToldStates =>
  told(JOBS, column, values, said);

export const allocationStatuses = (
  column: SurveyedColumn,
  values: SurveyedValues | undefined,
  said?: SaidStates,
): ToldStates => told(ALLOCATIONS, column, values, said);

function told<State extends string>(
  { path, words, required }: Asked<State>,
  column: SurveyedColumn,
  found: SurveyedValues | undefined,
  said: SaidStates = new Map(),
): ToldStates {
  const values = countedValues(column, found);
  const states = Object.keys(words) as State[];
  const meant = (value: string): State | undefined =>
    said.has(value)
      ? ((said.get(value) ?? undefined) as State | undefined)
      : isNumber(column)
        ? undefined
        : meaning(value, words);
  const isOurs = found !== undefined && values.every(({ value }) => (states as readonly string[]).includes(value));
  const raw = (value: string) => (isNumber(column) ? Number(value) : value);
  const lines: Line[] = [];
  for (const state of states) {
    const its = values.filter(({ value }) => meant(value) === state);
    const [first, ...others] = its.map(({ value }) => raw(value));
    if (first !== undefined) {
      const isDefault = others.length === 0 && first === state;
      const isSaid = its.every(({ value }) => said.has(value));
      const reason: Reason = isDefault
        ? { kind: 'default' }
        : isSaid
          ? { kind: 'given' }
          : { kind: 'words', values: its };
      lines.push({
        path: `${path}.${state}`,
        value: others.length === 0 ? first : [first, ...others],
        reasons: [reason],
      });
    } else if (isOurs && !isNumber(column) && column.members === undefined) {
      lines.push({ path: `${path}.${state}`, value: state, reasons: [{ kind: 'default' }] });
    } else if (required.includes(state) && !isNumber(column) && column.members === undefined) {
      lines.push({ path: `${path}.${state}`, value: inStyleOf(values, state), reasons: [{ kind: 'unused' }] });
    }
  }
  return {
    lines,
    unknown: values.filter(({ value }) => meant(value) === undefined),
    isEnough: required.every((state) => lines.some((line) => line.path === `${path}.${state}`)),
  };
}

/** The values of a column and those that its enum has besides; a column of any texts holds no states. */
export function countedValues({ members = [] }: SurveyedColumn, found: SurveyedValues | undefined): Counted[] {
  const hasMore = found?.hasMore ?? false;
  const counted = (found?.values ?? []).flatMap(({ value, rows }) =>
    value === null ? [] : [{ value, rows, hasMore }],
  );
  const unused = members.filter((member) => !counted.some(({ value }) => value === member));
  return [...counted, ...unused.map((value) => ({ value, rows: 0, hasMore: false }))];
}

/** `FAILED` as the other values are written: `failed`, `Failed`. */
function inStyleOf(values: readonly Counted[], state: string): string {
  const example = values[0]?.value ?? state;
  if (example === example.toUpperCase()) return state;
  const lower = state.toLowerCase();
  return /^\p{Lu}/u.test(example) ? `${state[0] ?? ''}${lower.slice(1)}` : lower;
}

/** How many of the values are words of states: 0 to 1. */
export function shareOfWords(column: SurveyedColumn, found: SurveyedValues | undefined): number {
  const values = countedValues(column, found);
  if (values.length === 0) return 0.5;
  return values.filter(({ value }) => meaning(value, JOB_WORDS) ?? meaning(value, STATUS_WORDS)).length / values.length;
}
