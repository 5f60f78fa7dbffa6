import type { RoundPlan, StrategyPlan } from '../../plan/plan-round.js';
import { counted, duration, percent } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import { sayError } from './error.js';
import type { Output } from './output.js';
import { pauseInWords } from './pause.js';
import { columnsOf, table } from './tables.js';
import { wrap } from './wrap.js';

/** Writes a plan for people: a table, and samples of the rows below it. */
export function sayPlan(output: Output, plan: RoundPlan): void {
  const { width, style } = output;
  const { plan: words, time } = output.words;
  const columns = columnsOf(words.columns, ['due', 'of', 'percent', 'oldest', 'batches', 'time'], ['note']);
  const say = (text: string) => output.say(text);
  const rows = plan.strategies.map((one) => [
    one.name,
    one.error ? style('red', words.failed) : style(one.due === 0 ? 'green' : 'yellow', counted(one.due, one.isCapped)),
    one.population === null ? '' : counted(one.population, one.isPopulationCapped),
    shareOf(one),
    one.oldestAgeSeconds === null ? '' : `${duration(one.oldestAgeSeconds, time)}${one.isOldestCapped ? '+' : ''}`,
    one.due === 0 ? '' : counted(one.batches, one.isCapped),
    timeOf(one, time),
    notesOf(one, output.words).join(output.words.time.separator),
  ]);
  say(table(columns, rows, { width, style }));
  for (const { name, pause } of plan.strategies)
    if (pause !== null) say(`\n${wrap(pauseInWords(name, pause, output.words), width)}`);
  for (const one of plan.strategies) {
    if (one.samples.length === 0) continue;
    say(`\n${style('bold', one.name)}`);
    for (const { description } of one.samples) say(wrap(description, width, '  '));
    const more = one.due - one.samples.length;
    if (more > 0) say(style('dim', `  ${words.more(counted(more, one.isCapped))}`));
    if (one.dependents.length > 0) say(style('dim', wrap(words.withThem(rowsOf(one.dependents)), width, '  ')));
    if (one.breaker?.isTripped) {
      say(style('red', wrap(words.wouldStop(one.breaker.figures), width, '  ')));
    }
  }
  for (const { name, error } of plan.strategies) if (error !== null) sayError(output, name, error);
  for (const line of footnotes(plan, words)) say(style('dim', wrap(line, width)));
}

/** `12 logs, 5000+ log_lines`. */
export const rowsOf = (dependents: StrategyPlan['dependents']): string =>
  dependents.map(({ table: name, rows, hasMore }) => `${counted(rows, hasMore)} ${name}`).join(', ');

function footnotes({ strategies }: RoundPlan, words: Words['plan']): string[] {
  const isBasedOn = (basis: string) => strategies.some(({ expected }) => expected?.basis === basis);
  return [
    `\n${words.nothingChanged}`,
    ...(isBasedOn('history') ? [words.fromHistory] : []),
    ...(isBasedOn('reading') ? [words.fromReading] : []),
  ];
}

function timeOf({ expected }: StrategyPlan, time: Words['time']): string {
  if (expected === null) return '';
  return `${expected.basis === 'history' ? '~' : '>'} ${duration(Math.max(0.001, expected.seconds), time)}`;
}

/** What is due, of the population, where both are known. */
const shareOf = ({ due, population, isCapped, isPopulationCapped }: StrategyPlan): string =>
  population === null || due === 0 || isCapped || isPopulationCapped ? '' : percent(due / population);

function notesOf(
  { error, isEnabled, mode, pause, undated, isUndatedCapped, holding, breaker }: StrategyPlan,
  { plan: words, failures }: Words,
): string[] {
  return [
    ...(error ? [error.code ?? failures.error] : []),
    ...(isEnabled ? [] : [words.off]),
    ...(pause === null ? [] : [words.paused]),
    ...(mode === 'observe' ? [words.observes] : []),
    ...(breaker?.isTripped ? [words.breaker] : []),
    ...(undated !== null && undated > 0 ? [words.undated(counted(undated, isUndatedCapped))] : []),
    ...(holding !== null && holding > 0 ? [words.holding(counted(holding))] : []),
  ];
}
