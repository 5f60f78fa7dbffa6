import { HAND, type Result, ratiosOf, whoIn } from '../results/result.js';
import { medianInterval } from '../results/statistics.js';
import { type PlotLine, plot } from './plot.js';
import { isRate } from './tables.js';

/** SVG by the names of files. */
export function plots(results: readonly Result[]): ReadonlyMap<string, string> {
  const rates = lines(results.filter(isRate), (result, who) => (who === HAND ? [] : ratiosOf(result, HAND, who)));
  const idle = lines(
    results.filter(({ workload }) => workload.startsWith('idle')),
    (result, who) => ratiosOf(result, who, HAND),
  );
  const foreground = lines(
    results.filter(({ workload }) => workload === 'foreground'),
    (result, who) => ratiosOf(result, who, 'alone'),
  );
  const all = [
    ['rates', 'The rate, as a part of that by hand (1)', rates, 0.9],
    ['idle', 'A pass that finds nothing, in bare probes (1)', idle, 3],
    ['foreground', 'The p99 of the foreground, over that alone (1)', foreground, 1.5],
  ] as const;
  return new Map(
    all.flatMap(([name, title, drawn, guide]) =>
      drawn.length === 0 ? [] : [[`performance-${name}.svg`, plot(title, drawn, guide)]],
    ),
  );
}

function lines(results: readonly Result[], of: (result: Result, who: string) => number[]): PlotLine[] {
  return results.map((result) => ({
    label: `${result.workload}, ${result.rows.toLocaleString('en')}, ${result.engine}`,
    marks: whoIn([result]).flatMap((who) => {
      const values = of(result, who);
      return values.length === 0 ? [] : [{ who, at: medianInterval(values) }];
    }),
  }));
}
