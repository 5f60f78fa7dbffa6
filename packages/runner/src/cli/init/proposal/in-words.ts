import type { SurveyedName } from '@jobsweep/core';
import { counted } from '../../../words/numbers.js';
import type { Words } from '../../../words/words.js';
import { type Counted, type Line, type Reason, topicOf } from './lines.js';
import type { Proposal } from './propose.js';
import { shownName } from './tables.js';
import type { Untold } from './untold.js';

type Said = Words['proposal'];

/** Why a line is as it is, in words. */
export const whyOf = ({ reasons }: Pick<Line, 'reasons'>, words: Said): string =>
  reasons.map((reason) => reasonInWords(reason, words)).join(words.separator);

/** What a line assumes, in words. */
export const assumptionOf = ({ reasons }: Line, words: Said): string =>
  reasons
    .filter((reason) => topicOf(reason) !== undefined)
    .map((reason) => reasonInWords(reason, words))
    .join(words.separator);

function reasonInWords(reason: Reason, words: Said): string {
  const said = words.reasons;
  switch (reason.kind) {
    case 'type':
      return said.type(reason.type);
    case 'size':
      return said.size(reason.example);
    case 'tableLike':
      return said.tableLike(reason.others.join(', '));
    case 'words':
      return said.words(valuesInWords(reason.values, words));
    default:
      return said[reason.kind];
  }
}

/** `done (120 rows), ok (3 rows)`; many of them are cut. */
function valuesInWords(values: readonly Counted[], words: Said): string {
  const first = values.slice(0, MOST_VALUES).map(({ value, rows, hasMore }) => {
    const short = value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value;
    return words.value(short, words.rows(counted(rows, hasMore)));
  });
  return [...first, ...(values.length > MOST_VALUES ? ['…'] : [])].join(', ');
}

const MOST_VALUES = 8;
const MOST_CHARACTERS = 40;

/** Why nothing could be proposed. */
export function untoldInWords(untold: Untold, words: Said): string {
  const said = words.untold;
  switch (untold.kind) {
    case 'noJobs':
      return said.noJobs;
    case 'statesUnknown':
      return said.statesUnknown(untold.table, untold.column, valuesInWords(untold.values, words));
    default:
      return said[untold.kind](untold.table);
  }
}

/** What there is to be known beside the lines of a proposal, a sentence each. */
export function remarksOn(proposal: Proposal, words: Said): string[] {
  const dependents = dependentsOf(proposal, words);
  return [...leftAloneIn(proposal, words), ...(dependents === undefined ? [] : [dependents])];
}

/** The values that nobody knows, by table. */
export function leftAloneIn({ jobs, allocations, unknown }: Proposal, words: Said): string[] {
  const of = (table: SurveyedName | null, values: readonly Counted[]) =>
    table === null || values.length === 0 ? [] : [words.leftAlone(shownName(table), valuesInWords(values, words))];
  return [...of(jobs, unknown.states), ...of(allocations, unknown.statuses)];
}

/** What else points at jobs; `undefined`: nothing does. */
export function dependentsOf({ dependents }: Proposal, words: Said): string | undefined {
  const named = dependents.map(({ table, columns, onDelete }) =>
    words.dependent(shownName(table), columns.join(', '), onDelete === 'cascades'),
  );
  return named.length === 0 ? undefined : words.dependents(named.join(', '));
}
