import { HAND, type Result, ratiosOf, valuesOf, whoIn } from '../results/result.js';
import { median, medianInterval, spread } from '../results/statistics.js';
import { interval, markdown, number } from './words.js';

export const PER_ROW = 'µs/row';

/** Whether the rate of the work by hand is told, and of all others what they reach of it. */
export const isRate = (result: Result): boolean => result.unit === PER_ROW && valuesOf(result, HAND).length > 0;

/** Markdown of all results: rates beside the limit, and of the others what was measured. */
export function tables(results: readonly Result[]): string {
  const rates = results.filter(isRate);
  const others = results.filter((result) => !isRate(result));
  const workloads = [...new Set(others.map(({ workload }) => workload))];
  return [
    ...(rates.length === 0 ? [] : [ratesTable(rates)]),
    ...workloads.map((name) => valuesTable(others.filter(({ workload }) => workload === name))),
  ].join('\n\n');
}

function ratesTable(results: readonly Result[]): string {
  const others = whoIn(results).filter((who) => who !== HAND);
  return markdown(
    ['workload', 'rows', 'database', HAND, ...others],
    results.map((result) => [
      ...about(result),
      `${number(1e6 / median(valuesOf(result, HAND)))} rows/s`,
      ...others.map((who) => cell(ratiosOf(result, HAND, who))),
    ]),
  );
}

function valuesTable(results: readonly Result[]): string {
  const everybody = whoIn(results);
  return markdown(
    ['workload', 'rows', 'database', 'unit', ...everybody],
    results.map((result) => [...about(result), result.unit, ...everybody.map((who) => cell(valuesOf(result, who)))]),
  );
}

const about = ({ workload, rows, engine, server }: Result) => [
  workload,
  rows.toLocaleString('en'),
  `${engine} ${server.replace(/-.*/, '')}`,
];

/** What was measured once has no interval. */
const cell = ([first, ...others]: readonly number[]) =>
  first === undefined ? '' : others.length === 0 ? number(first) : interval(medianInterval([first, ...others]));

/** How far rounds of the same work lay apart: half of the workloads by less, half by more, and the worst. */
export function noise(results: readonly Result[]): { readonly usual: number; readonly worst: number } {
  const spreads = results.map((result) => spread(valuesOf(result, HAND))).filter(Number.isFinite);
  return { usual: median(spreads), worst: Math.max(...spreads) };
}
