import { useMemo } from 'preact/hooks';
import type { HistoryAnswer, Sent } from '../../src/api/shapes.js';
import { LENGTH_STEPS, ROW_STEPS } from '../axis-steps.js';
import { Chart, type Series } from '../parts/chart.js';
import { Name } from '../parts/name.js';
import { useSpeech } from '../words/words.js';

type Span = Sent<HistoryAnswer>['spans'][number];

interface ChartsProps {
  readonly name: string;
  readonly history: Sent<HistoryAnswer>;
  /** Of this strategy. */
  readonly spans: readonly Span[];
}

/** What one strategy did over a time: its rows, how long its passes took, and how long what it repaired had been due. */
export function StrategyCharts({ name, history, spans }: ChartsProps) {
  const { words, format } = useSpeech();
  const { items, durations, heal, times } = useMemo(
    () => seriesOf(history, spans, words.history),
    [history, spans, words],
  );
  const sum = (of: (span: Span) => number) => spans.reduce((all, span) => all + of(span), 0);
  const rows = sum(({ itemsCleaned }) => itemsCleaned);
  const passes = sum((span) => span.passes);
  const refused = sum(({ itemsBlocked }) => itemsBlocked);
  const failed = sum((span) => (span.status === 'failed' ? span.passes : 0));
  const longest = Math.max(0, ...spans.map(({ longestMs }) => longestMs)) / 1000;
  const slowest = Math.max(0, ...spans.map(({ longestDueMs }) => longestDueMs)) / 1000;
  const summary = words.history.summary(rows, passes, (count) => format.number(count));
  const lengths = useMemo(() => (seconds: number) => format.length(seconds), [format]);
  const ticks = useMemo(() => (seconds: number) => format.tick(seconds), [format]);
  const numbers = useMemo(() => (value: number) => format.number(value), [format]);
  const span = { fromMs: Date.parse(history.from), toMs: Date.parse(history.to), times };
  const mean = (totalMs: number, of: number) => format.length(of === 0 ? 0 : totalMs / of / 1000);
  const charts = [
    { title: words.history.items, said: summary, series: items, format: numbers, tick: numbers, steps: ROW_STEPS },
    {
      title: words.history.durations,
      said: `${words.history.mean} ${mean(
        sum(({ durationMs }) => durationMs),
        passes,
      )} · ${words.history.longest} ${format.length(longest)}`,
      series: durations,
      format: lengths,
      tick: ticks,
      steps: LENGTH_STEPS,
    },
    {
      title: words.history.heal,
      said: `${words.history.mean} ${mean(
        sum(({ dueMs }) => dueMs),
        rows,
      )} · ${words.history.longest} ${format.length(slowest)}`,
      series: heal,
      format: lengths,
      tick: ticks,
      steps: LENGTH_STEPS,
    },
  ];
  return (
    <section class="card charts" aria-label={name}>
      <div class="heading">
        <h2>
          <code>
            <Name of={name} />
          </code>
        </h2>
        <span class="faint">
          {summary}
          {refused > 0 && (
            <span class="warn-text" title={words.refusalsHint}>
              {' · '}
              {words.refusals(format.number(refused))}
            </span>
          )}
          {failed > 0 && <span class="bad-text"> · {words.failedPasses(format.number(failed))}</span>}
        </span>
      </div>
      <div class="three">
        {charts.map(({ title, said, ...chart }) => (
          <figure key={title}>
            <figcaption>
              {title} <span class="faint">{said}</span>
            </figcaption>
            <Chart {...span} {...chart} label={words.history.chart(title, said)} />
          </figure>
        ))}
      </div>
    </section>
  );
}

/** The same spans for each series, those in which nothing was done as well. */
function seriesOf(
  { from, to, spanSeconds }: Sent<HistoryAnswer>,
  spans: readonly Span[],
  words: {
    readonly items: string;
    readonly mean: string;
    readonly longest: string;
    readonly refusals: string;
  },
) {
  const width = spanSeconds * 1000;
  const first = Math.floor(Date.parse(from) / width) * width;
  const count = Math.max(1, Math.ceil((Date.parse(to) - first) / width));
  const times = Array.from({ length: count }, (_none, index) => first + index * width);
  const at = (ms: number) => spans.filter((span) => Date.parse(span.from) === ms);
  const sums = times.map((ms) => {
    const here = at(ms);
    const sum = (of: (span: Span) => number) => here.reduce((all, span) => all + of(span), 0);
    const greatest = (of: (span: Span) => number) => Math.max(...here.map(of));
    return {
      passes: sum(({ passes }) => passes),
      cleaned: sum(({ itemsCleaned }) => itemsCleaned),
      refused: sum(({ itemsBlocked }) => itemsBlocked),
      durationMs: sum(({ durationMs }) => durationMs),
      longestMs: greatest(({ longestMs }) => longestMs),
      dueMs: sum(({ dueMs }) => dueMs),
      longestDueMs: greatest(({ longestDueMs }) => longestDueMs),
    };
  });
  const values = (of: (sum: (typeof sums)[number]) => number | null) => sums.map(of);
  const line = (label: string, colour: string, of: (sum: (typeof sums)[number]) => number | null): Series => ({
    label,
    colour,
    kind: 'line',
    values: values(of),
  });
  const items: Series[] = [
    { label: words.items, colour: '--accent', kind: 'bars', values: values(({ cleaned }) => cleaned) },
    {
      label: words.refusals,
      colour: '--warn',
      kind: 'bars',
      values: values(({ refused }) => (refused > 0 ? refused : null)),
    },
  ];
  const durations = [
    line(words.longest, '--faint', ({ passes, longestMs }) => (passes > 0 ? longestMs / 1000 : null)),
    line(words.mean, '--accent', ({ passes, durationMs }) => (passes > 0 ? durationMs / passes / 1000 : null)),
  ];
  const heal = [
    line(words.longest, '--faint', ({ cleaned, longestDueMs }) => (cleaned > 0 ? longestDueMs / 1000 : null)),
    line(words.mean, '--accent', ({ cleaned, dueMs }) => (cleaned > 0 ? dueMs / cleaned / 1000 : null)),
  ];
  return { times, items, durations, heal };
}
