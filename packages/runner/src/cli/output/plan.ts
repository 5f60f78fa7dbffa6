import { counted } from '../../counted.js';
import type { RoundPlan, StrategyPlan } from '../../plan/plan-round.js';
import { duration, percent } from './numbers.js';
import type { Output } from './output.js';
import { table } from './tables.js';
import { wrap } from './wrap.js';

const COLUMNS = [
  { title: 'STRATEGY' },
  { title: 'DUE', align: 'right' },
  { title: 'OF', align: 'right' },
  { title: '%', align: 'right' },
  { title: 'OLDEST', align: 'right' },
  { title: 'BATCHES', align: 'right' },
  { title: 'TIME', align: 'right' },
  { title: 'NOTE', wraps: true },
] as const;

/** Writes a plan for people: a table, and samples of the rows below it. */
export function sayPlan(output: Output, plan: RoundPlan): void {
  const { width, style } = output;
  const say = (text: string) => output.say(text);
  const rows = plan.strategies.map((one) => [
    one.name,
    one.error ? style('red', 'failed') : style(one.due === 0 ? 'green' : 'yellow', counted(one.due, one.isCapped)),
    one.population === null ? '' : counted(one.population, one.isPopulationCapped),
    shareOf(one),
    one.oldestAgeSeconds === null ? '' : `${duration(one.oldestAgeSeconds)}${one.isOldestCapped ? '+' : ''}`,
    one.due === 0 ? '' : counted(one.batches, one.isCapped),
    timeOf(one),
    notesOf(one).join('; '),
  ]);
  say(table(COLUMNS, rows, { width, style }));
  for (const one of plan.strategies) {
    if (one.samples.length === 0) continue;
    say(`\n${style('bold', one.name)}`);
    for (const { description } of one.samples) say(`  ${description}`);
    const more = one.due - one.samples.length;
    if (more > 0) say(style('dim', `  and ${counted(more, one.isCapped)} more`));
    if (one.breaker?.isTripped) {
      const stopped = `Its breaker would stop it: ${one.breaker.figures}. --override-breaker lets it go on.`;
      say(style('red', wrap(stopped, width, '  ')));
    }
  }
  for (const line of footnotes(plan)) say(style('dim', wrap(line, width)));
}

function footnotes({ strategies }: RoundPlan): string[] {
  const isBasedOn = (basis: string) => strategies.some(({ expected }) => expected?.basis === basis);
  return [
    '\nNothing was changed. Each strategy is counted on the rows as they are, not as those before it would leave them.',
    ...(isBasedOn('history') ? ['~ at the rate of the last pass that did something'] : []),
    ...(isBasedOn('reading') ? ['> from reading one page; there is no pass yet whose rate would tell more'] : []),
  ];
}

function timeOf({ expected }: StrategyPlan): string {
  if (expected === null) return '';
  return `${expected.basis === 'history' ? '~' : '>'} ${duration(Math.max(0.001, expected.seconds))}`;
}

/** What is due, of the population, where both are known. */
const shareOf = ({ due, population, isCapped, isPopulationCapped }: StrategyPlan): string =>
  population === null || due === 0 || isCapped || isPopulationCapped ? '' : percent(due / population);

function notesOf({ error, isEnabled, undated, isUndatedCapped, holding, breaker }: StrategyPlan): string[] {
  return [
    ...(error ? [error.message] : []),
    ...(isEnabled ? [] : ['off']),
    ...(breaker?.isTripped ? ['breaker'] : []),
    ...(undated !== null && undated > 0 ? [`${counted(undated, isUndatedCapped)} without a time, never due`] : []),
    ...(holding !== null && holding > 0 ? [`${counted(holding)} still hold allocations and stay`] : []),
  ];
}
