import type { Interval } from '../results/statistics.js';

/** Three digits that count, and no more: 32,500, 0.91, 5.3. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
}

/** `0.91 (0.88 to 0.95)`; `?` where rounds were too few to say. */
export const interval = ({ low, median, high }: Interval): string =>
  `${number(median)} (${number(low)} to ${number(high)})`;

export const markdown = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
