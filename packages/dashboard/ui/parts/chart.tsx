import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Format } from '../format.js';
import { useSpeech } from '../words/words.js';

/** One line or one row of bars over time. */
export interface Series {
  readonly label: string;
  /** Of a custom property of the page's style. */
  readonly colour: string;
  readonly kind: 'bars' | 'line';
  /** By the time; `null`: nothing is known. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** In words, for whoever does not see it. */
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Where spans begin, in milliseconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Beside the axis, whose steps are one of `steps`. */
  readonly tick: (value: number) => string;
  readonly steps: readonly number[];
}

const HEIGHT = 96;

/** A small chart over time. Drawn anew for another look of the page, and for another width. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const { format: speechFormat } = useSpeech();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = element.clientWidth === 0 ? undefined : plotOf(element, props, speechFormat);
    };
    const width = new ResizeObserver(draw);
    width.observe(element);
    const look = new MutationObserver(draw);
    look.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      width.disconnect();
      look.disconnect();
      plot?.destroy();
    };
  }, [props, speechFormat]);
  return <div class="chart" ref={place} role="img" aria-label={props.label} />;
}

function plotOf(element: HTMLElement, props: ChartProps, format: Format): uPlot {
  const isLong = props.toMs - props.fromMs > 2 * 86_400_000;
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--faint'), font: `11px ${style.fontFamily}`, ticks: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.8, 24], align: 1 });
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { y: false, points: { size: 5 } },
    legend: { show: false },
    padding: [6, 16, 0, 0],
    scales: {
      x: { time: true, range: [props.fromMs / 1000, props.toMs / 1000] },
      y: { range: (_plot, _min, max) => [0, Math.max(max, 1e-9) * 1.08] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        grid: { show: false },
        values: (_plot, ticks) => ticks.map((tick) => format.shortTime(tick * 1000, isLong ? 'day' : 'time')),
        space: 70,
      },
      {
        ...axis,
        size: 52,
        grid: { stroke: colour('--line'), width: 1 },
        incrs: [...props.steps],
        values: (_plot, ticks) => ticks.map(props.tick),
        // So that of steps as far apart as 2 and 5 one fits above 0.
        space: 24,
      },
    ],
    series: [
      {},
      ...props.series.map(({ kind, colour: name, label }): uPlot.Series => {
        const stroke = colour(name);
        if (kind === 'line')
          return { label, stroke, width: 1.5, spanGaps: true, points: { show: true, size: 4, fill: stroke } };
        return { label, stroke, fill: stroke, width: 0, points: { show: false }, ...(bars && { paths: bars }) };
      }),
    ],
    plugins: [tooltip(props, (ms) => format.spanTime(ms))],
  };
  const data = [props.times.map((ms) => ms / 1000), ...props.series.map(({ values }) => [...values])];
  return new uPlot(options, data as uPlot.AlignedData, element);
}

/** What is under the pointer, in words. */
function tooltip({ series, times, format }: ChartProps, timeText: (ms: number) => string): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'tooltip';
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => void plot.over.append(box),
      setCursor(plot) {
        const { idx, left = 0 } = plot.cursor;
        const at = idx == null ? undefined : times[idx];
        box.hidden = at === undefined || left < 0;
        if (at === undefined || idx == null) return;
        const said = series.flatMap(({ label, values }) => {
          const value = values[idx];
          return value == null ? [] : [`${label} ${format(value)}`];
        });
        box.textContent = [timeText(at), ...said].join(' · ');
        const isRight = left > plot.over.clientWidth / 2;
        box.style.left = isRight ? 'auto' : `${left + 10}px`;
        box.style.right = isRight ? `${plot.over.clientWidth - left + 10}px` : 'auto';
      },
    },
  };
}
