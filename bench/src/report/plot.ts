import type { Interval } from '../results/statistics.js';
import { number } from './words.js';

/** A line of a plot: what it is of, and where everybody is. */
export interface PlotLine {
  readonly label: string;
  readonly marks: readonly { readonly who: string; readonly at: Interval }[];
}

const [LABEL, WIDTH, MARGIN, LINE, HEAD] = [250, 560, 20, 26, 64];
const COLOURS = ['#0969da', '#bf3989', '#1a7f37', '#9a6700', '#57606a', '#cf222e', '#8250df'];
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';
/** At most. */
const TICKS = 6;

/** An SVG of dots at the medians and strokes over the intervals, on a scale from 0 on; `guide` is a bound. */
export function plot(title: string, lines: readonly PlotLine[], guide?: number): string {
  const everybody = [...new Set(lines.flatMap(({ marks }) => marks.map(({ who }) => who)))];
  const ends = lines.flatMap(({ marks }) => marks.flatMap(({ at }) => [at.median, at.high]));
  const most = Math.max(guide ?? 0, ...ends.filter(Number.isFinite)) * 1.05;
  const x = (value: number) => (LABEL + (Math.min(Math.max(value, 0), most) / most) * WIDTH).toFixed(1);
  const foot = HEAD + lines.length * LINE;
  const colour = (who: string) => COLOURS[everybody.indexOf(who) % COLOURS.length];

  const legend = everybody.map((who, place) => {
    const left = MARGIN + place * 150;
    return `<circle cx="${left}" cy="42" r="4" fill="${colour(who)}"/>${text(left + 10, 46, who)}`;
  });
  const step = roundStep(most / TICKS);
  const grid = Array.from({ length: Math.floor(most / step) + 1 }, (_, tick) => {
    const value = step * tick;
    return `${upright(x(value), foot, '#d0d7de')}${text(x(value), foot + 18, number(value), 'middle')}`;
  });
  const dots = lines.flatMap(({ label, marks }, line) => {
    const middle = HEAD + line * LINE + LINE / 2;
    // Side by side, so that none hides another.
    const y = (who: string) => middle + (everybody.indexOf(who) - (everybody.length - 1) / 2) * 3;
    const mark = ({ who, at }: PlotLine['marks'][number]) =>
      `<path d="M${x(at.low)} ${y(who)}H${x(at.high)}" stroke="${colour(who)}"/>` +
      `<circle cx="${x(at.median)}" cy="${y(who)}" r="3" fill="${colour(who)}"/>`;
    return [text(LABEL - 10, middle + 4, label, 'end'), ...marks.map(mark)];
  });
  const [width, height] = [Math.max(LABEL + WIDTH, everybody.length * 150) + MARGIN * 2, foot + 30];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${FONT} fill="#1f2328">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 22, title),
    ...legend,
    ...grid,
    ...(guide === undefined ? [] : [upright(x(guide), foot, '#cf222e')]),
    ...dots,
    '</svg>\n',
  ].join('\n');
}

/** The least of 1, 2 and 5, and ten times as much and so on, that is no less. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}

const upright = (x: string, foot: number, colour: string) => `<path d="M${x} ${HEAD}V${foot}" stroke="${colour}"/>`;

const text = (x: number | string, y: number, words: string, anchor = 'start') =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
