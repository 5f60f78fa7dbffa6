import type { SurveyedColumn, SurveyedTable } from '@jobsweep/core';
import { each, type Weights, weightOf, wordsIn } from './names.js';

const STATE_WORDS: Weights = {
  ...each(10, 'state status'),
  ...each(7, 'phase'),
  ...each(4, 'result outcome'),
};

const START_WORDS: Weights = {
  ...each(10, 'start started starting begin began begun'),
  ...each(6, 'run ran locked picked claimed attempted attempt processed executed launched fired acquired'),
  ...each(2, 'scheduled created create queued enqueued submitted submit inserted added'),
};

const QUEUED_WORDS: Weights = {
  ...each(10, 'queued enqueued submitted submit'),
  ...each(8, 'created create inserted added'),
};

const END_WORDS: Weights = {
  ...each(10, 'end ended finish finished complete completed'),
  ...each(8, 'stop stopped closed terminated done'),
};

const ALLOCATED_WORDS: Weights = {
  ...each(10, 'allocated allocation reserved reservation'),
  ...each(8, 'taken acquired locked leased assigned granted booked claimed since'),
  ...each(6, 'start started used'),
  ...each(2, 'created inserted added'),
};

const RELEASED_WORDS: Weights = {
  ...each(10, 'released release freed free'),
  ...each(8, 'returned unlocked given until'),
  ...each(6, 'end ended finished'),
};

const SIGN_WORDS: Weights = each(10, 'heartbeat beat alive seen keepalive ping');

/** A time of something else, whatever words stand beside. */
const OTHER_TIMES = /updat|modif|chang|delet|expir|next|wait|deadline|timeout|after|before/i;

const MESSAGE_WORDS: Weights = {
  ...each(10, 'error err errormsg errormessage exception'),
  ...each(6, 'failure reason'),
};
const EXIT_WORDS: Weights = { ...each(10, 'exit exitcode exitstatus returncode'), ...each(6, 'rc') };

const NAME_WORDS: Weights = {
  ...each(10, 'name'),
  ...each(8, 'title command hook function handler workflow job task'),
  ...each(6, 'kind queue type class'),
};

/** The kinds of times that a column may hold by its type alone. */
const DATES = ['instant', 'utcDateTime'] as const;

/** Columns of times by a date of some kind, and then those of numbers or texts, whose names must say it. */
function timesLike({ columns }: SurveyedTable, weights: Weights): SurveyedColumn[] {
  const isDate = ({ holds }: SurveyedColumn) => DATES.some((kind) => holds.includes(kind));
  const mayBe = ({ holds }: SurveyedColumn) => holds.some((kind) => kind.startsWith('epoch') || kind === 'isoText');
  const likely = columns.filter(
    (column) =>
      !column.isGenerated && !OTHER_TIMES.test(column.name) && !isLink(column) && (isDate(column) || mayBe(column)),
  );
  return heaviest(likely, ({ name, ...column }) => {
    const weight = weightOf(name, weights);
    return isDate({ name, ...column }) || weight >= 8 ? weight : 0;
  });
}

/** `run_id`, which is no time. */
const isLink = ({ name }: SurveyedColumn): boolean => ['id', 'no', 'by', 'count'].includes(wordsIn(name).at(-1) ?? '');

export const startLike = (table: SurveyedTable): SurveyedColumn[] => timesLike(table, START_WORDS);
/** Whether a column is a start for want of a better one: a job that was made has not begun by that. */
export const startsBadly = (option: unknown): boolean => {
  const name = typeof option === 'string' ? option : (option as { readonly column: string }).column;
  return weightOf(name, START_WORDS) <= 2;
};

export const queuedLike = (table: SurveyedTable): SurveyedColumn[] => timesLike(table, QUEUED_WORDS);
export const endLike = (table: SurveyedTable): SurveyedColumn[] => timesLike(table, END_WORDS);
export const allocatedLike = (table: SurveyedTable): SurveyedColumn[] => timesLike(table, ALLOCATED_WORDS);
export const releaseLike = (table: SurveyedTable): SurveyedColumn[] => timesLike(table, RELEASED_WORDS);
export const signLike = (table: SurveyedTable): SurveyedColumn[] => timesLike(table, SIGN_WORDS);

/** Columns that may tell a state: texts, enums and numbers. */
export const stateLike = ({ columns }: SurveyedTable): SurveyedColumn[] =>
  heaviest(
    columns.filter((column) => !column.isGenerated && !isLink(column) && (isText(column) || isNumber(column))),
    ({ name }) => {
      // `state_message` is none, and `job_status` is.
      const last = STATE_WORDS[wordsIn(name).at(-1) ?? ''] ?? 0;
      return last > 0 ? last : /(?:state|status)_?(?:type|code|id|name)$/i.test(name) ? 6 : 0;
    },
  );

/** Columns that a message may be written to: texts, which JSON is not. */
export const messageLike = ({ columns }: SurveyedTable): SurveyedColumn[] =>
  heaviest(
    columns.filter((column) => !column.isGenerated && column.holds.includes('text') && !isLink(column)),
    ({ name }) => (/code|type|count|class|trace/i.test(name) ? 0 : weightOf(name, MESSAGE_WORDS)),
  );

export const exitCodeLike = ({ columns }: SurveyedTable): SurveyedColumn[] =>
  heaviest(
    columns.filter((column) => !column.isGenerated && (column.holds.includes('text') || isNumber(column))),
    ({ name }) => weightOf(name, EXIT_WORDS),
  );

/** Columns that say what kind of job one is, and not who does it. */
export const nameLike = ({ columns }: SurveyedTable): SurveyedColumn[] =>
  heaviest(columns.filter(isText), ({ name }) => {
    if (/worker|host|node|user|owner|agent|file/i.test(name)) return 0;
    const words = wordsIn(name);
    // `job_name` says more than `sched_name`.
    const last = NAME_WORDS[words.at(-1) ?? ''] ?? 0;
    return last + weightOf(words.slice(0, -1).join(' '), NAME_WORDS) / (last > 0 ? 10 : 2);
  });

export const isText = ({ holds, members }: SurveyedColumn): boolean => members !== undefined || holds.includes('text');
export const isNumber = ({ holds }: SurveyedColumn): boolean => holds.includes('number');

/** Those that weigh something, the heaviest first and else in their order. */
function heaviest(columns: readonly SurveyedColumn[], weigh: (column: SurveyedColumn) => number): SurveyedColumn[] {
  return columns
    .map((column) => ({ column, weight: weigh(column) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ column }) => column);
}

/** The columns of a table whose values tell what they are: states, and times that are numbers or texts. */
export function columnsToAsk(table: SurveyedTable): string[] {
  const isDate = ({ holds }: SurveyedColumn) => DATES.some((kind) => holds.includes(kind));
  const likes = [startLike, queuedLike, endLike, allocatedLike, releaseLike, signLike];
  const times = likes.flatMap((like) =>
    like(table)
      .filter((column) => !isDate(column))
      .slice(0, 2),
  );
  return [...new Set([...stateLike(table).slice(0, 3), ...times].map(({ name }) => name))];
}
