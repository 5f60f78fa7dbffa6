import { visible } from '@jobsweep/core';
import { counted } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { assumptionOf, remarksOn, whyOf } from '../init/proposal/in-words.js';
import { isAssumed, type Line } from '../init/proposal/lines.js';
import type { Proposal } from '../init/proposal/propose.js';
import type { Output } from './output.js';
import { type Column, table } from './tables.js';
import { wrap } from './wrap.js';

/** Writes a proposal for people: what each word of jobsweep's is here and why, and what there is to know besides. */
export function sayProposal(output: Output, proposal: Proposal): void {
  const { width, style } = output;
  const { proposal: words } = output.words;
  sayPart(output, proposal, { path: 'schema.jobs', title: words.jobs, states: 'states' });
  sayPart(output, proposal, { path: 'schema.allocations', title: words.allocations, states: 'statuses' });
  const sign = proposal.lines.find(({ path }) => path === 'filters.ageColumn');
  if (sign !== undefined) sayRows(output, [rowOf(words.sign, sign, output)]);
  for (const remark of remarksOn(proposal, words)) output.say(style('dim', wrap(visible(remark), width)));
  const assumed = proposal.lines.filter(isAssumed).length;
  output.say(wrap(`${words.assumed(assumed)} ${words.noPurge}`, width));
}

/** One of the tables. */
interface Part {
  readonly path: string;
  readonly title: string;
  readonly states: 'states' | 'statuses';
}

function sayPart(output: Output, { lines }: Proposal, { path, title, states }: Part): void {
  const { width } = output;
  const { proposal: words } = output.words;
  const whole = lines.find((line) => line.path === path || line.path === `${path}.table`);
  const columns = lines.filter((line) => line.path.startsWith(`${path}.columns.`));
  const mapped = columns.filter((line) => line.value !== null);
  const absent = columns.filter((line) => line.value === null);
  const told = lines.filter((line) => line.path.startsWith(`${path}.${states}.`));
  sayRows(output, [
    ...(whole === undefined ? [] : [rowOf(title, whole, output)]),
    ...mapped.map((line) => rowOf(`  ${lastOf(line)}`, line, output)),
    ...absent.slice(0, 1).map((line) => rowOf(`  ${absent.map(lastOf).join(', ')}`, line, output)),
  ]);
  if (told.length === 0) return;
  const all = told.map(stateInWords).join(words.separator);
  output.say(wrap(`${visible(all)}  ${stateWhy(told, output)}`, width, '    ', '  '));
}

/** The first of the rows has the name of its table. */
function sayRows(output: Output, [head = [], ...rows]: readonly (readonly string[])[]): void {
  const columns: Column[] = head.map((title, at) => ({ title, wraps: at > 0 }));
  output.say(table(columns, rows, output));
}

const rowOf = (word: string, line: Line, output: Output): string[] => [
  word,
  visible(hereOf(line.value)) || output.words.proposal.nothing,
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
  if (typeof value !== 'object') return String(value);
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
