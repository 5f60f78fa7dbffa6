import { visible } from '@jobsweep/core';
import { counted } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { assumptionOf, dependentsOf, leftAloneIn, whyOf } from '../init/proposal/in-words.js';
import { isAssumed, type Line } from '../init/proposal/lines.js';
import type { Proposal } from '../init/proposal/propose.js';
import type { Output } from './output.js';
import { type Column, table } from './tables.js';
import { wrap } from './wrap.js';

/** What is seen of a proposal at once, so that a question about it fits the terminal as well. */
export type ProposalPart = 'tables' | 'columns' | 'states';

/** Writes a proposal for people: what each word of jobsweep's is here and why, and what there is to know besides. */
export function sayProposal(output: Output, proposal: Proposal): void {
  for (const part of ['tables', 'columns', 'states'] as const) {
    sayPart(output, proposal, part);
    output.say('');
  }
}

export function sayPart(output: Output, proposal: Proposal, part: ProposalPart): void {
  SAY[part](output, proposal);
}

const SAY: Readonly<Record<ProposalPart, (output: Output, proposal: Proposal) => void>> = {
  tables: sayTables,
  columns: sayColumns,
  states: sayStates,
};

function sayTables(output: Output, proposal: Proposal): void {
  const { width, style } = output;
  const { proposal: words } = output.words;
  const rows = TABLES.flatMap(({ path, word }) => {
    const whole = proposal.lines.find((line) => line.path === path || line.path === `${path}.table`);
    const schema = proposal.lines.find((line) => line.path === `${path}.schema`)?.value;
    return whole === undefined ? [] : [rowOf(word, whole, output, typeof schema === 'string' ? `${schema}.` : '')];
  });
  sayRows(output, rows);
  const remark = dependentsOf(proposal, words);
  if (remark !== undefined) output.say(style('dim', wrap(visible(remark), width)));
  const assumed = proposal.lines.filter(isAssumed).length;
  output.say(wrap(`${words.assumed(assumed)} ${words.noPurge}`, width));
}

const TABLES = [
  { path: 'schema.jobs', word: 'jobs', states: 'states' },
  { path: 'schema.allocations', word: 'allocations', states: 'statuses' },
] as const;

function sayColumns(output: Output, { lines }: Proposal): void {
  const { proposal: words } = output.words;
  const rows = TABLES.flatMap(({ path, word }) => {
    const columns = lines.filter((line) => line.path.startsWith(`${path}.columns.`));
    const absent = columns.filter((line) => line.value === null);
    const mapped = columns.filter((line) => line.value !== null);
    return [
      ...mapped.map((line) => rowOf(`${word}.${lastOf(line)}`, line, output)),
      ...absent.slice(0, 1).map((line) => rowOf(`${word}.${absent.map(lastOf).join(', ')}`, line, output)),
    ];
  });
  const sign = lines.find(({ path }) => path === 'filters.ageColumn');
  sayRows(output, sign === undefined ? rows : [...rows, rowOf(words.sign, sign, output)]);
}

function sayStates(output: Output, proposal: Proposal): void {
  const { width, style } = output;
  const { proposal: words } = output.words;
  for (const { path, word, states } of TABLES) {
    const told = proposal.lines.filter((line) => line.path.startsWith(`${path}.${states}.`));
    if (told.length === 0) continue;
    const all = told.map(stateInWords).join(words.separator);
    output.say(wrap(`${word}  ${visible(all)}  ${stateWhy(told, output)}`, width, '  ', ''));
  }
  for (const remark of leftAloneIn(proposal, words)) output.say(style('dim', wrap(visible(remark), width)));
}

/** Columns of rows, as wide as they must be. */
function sayRows(output: Output, rows: readonly (readonly string[])[]): void {
  const [head = [], ...others] = rows;
  const columns: Column[] = head.map((title, at) => ({ title, wraps: at > 0 }));
  output.say(table(columns, others, output));
}

const rowOf = (word: string, line: Line, output: Output, before = ''): string[] => [
  word,
  line.value === null ? output.words.proposal.nothing : visible(`${before}${hereOf(line.value)}`),
  marked([line], shortWhy(line, output.words.proposal), output),
];

/** What is assumed, and where nothing is, the first of its reasons; the file has all. */
const shortWhy = (line: Line, words: Words['proposal']): string =>
  isAssumed(line) ? assumptionOf(line, words) : whyOf({ reasons: [line.reasons[0]] }, words);

function stateWhy(lines: readonly Line[], output: Output): string {
  const { proposal: words } = output.words;
  const whys = lines.map((line) => {
    const [{ kind }] = line.reasons;
    if (kind === 'words') return words.byWord;
    return kind === 'unused' ? `${lastOf(line)}: ${words.reasons.unused}` : shortWhy(line, words);
  });
  return marked(lines, [...new Set(whys)].join(words.separator), output);
}

/** With a mark where something is assumed. */
const marked = (lines: readonly Line[], why: string, { style }: Output): string =>
  lines.some(isAssumed) ? style('yellow', `? ${visible(why)}`) : style('dim', visible(why));

/** `RUNNING`, `COMPLETED: done (120), ok (3)`. */
function stateInWords(line: Line): string {
  const [reason] = line.reasons;
  if (line.value === lastOf(line)) return lastOf(line);
  if (reason.kind !== 'words') return `${lastOf(line)}: ${hereOf(line.value)}`;
  const counts = reason.values.map(({ value, rows, hasMore }) => `${value} (${counted(rows, hasMore)})`);
  return `${lastOf(line)}: ${counts.join(', ')}`;
}

const lastOf = ({ path }: Line): string => path.split('.').at(-1) ?? '';

/** What stands in the file, for people: `started_at (epochSeconds)`, `done, ok`, `free_at: NULL`. */
function hereOf(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const { column, table: other, codec, timeZone, when } = value as Readonly<Record<string, unknown>>;
  if (typeof column !== 'string') return conditionOf(when ?? {});
  // That it is taken for UTC is said as why.
  const kept = [codec, timeZone].filter((each) => each !== undefined && each !== 'utcDateTime');
  return `${typeof other === 'string' ? `${other}.` : ''}${column}${kept.length === 0 ? '' : ` (${kept.join(', ')})`}`;
}

const conditionOf = (when: object): string =>
  Object.entries(when)
    .map(([column, is]) => `${column}: ${is === null ? 'NULL' : 'not NULL'}`)
    .join(', ');
