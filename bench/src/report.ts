import { ADAPTERS } from './jobsweep.js';
import type { Measured } from './measure.js';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = low] = sorted.length % 2 === 1 ? [sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}

/** By hand against an adapter, of the same round: 1 is as fast, 0.5 takes twice as long. Of `idle` the other way round. */
export function ratios({ byHand, workload }: Measured, times: readonly number[]): number[] {
  return times.map((ms, round) => {
    const hand = byHand[round] ?? 0;
    return workload === 'idle' ? ms / hand : hand / ms;
  });
}

/** Markdown: a line for each workload and database. */
export function table(all: readonly Measured[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const adapters = ADAPTERS.filter((adapter) => all.some((measured) => measured.adapters[adapter] !== undefined));
  return [
    line(['workload', 'database', 'by hand', ...adapters]),
    line(['---', '---', '---', ...adapters.map(() => '---')]),
    ...all.map((measured) =>
      line([
        measured.workload,
        `${measured.engine} ${measured.version}`,
        handOf(measured),
        ...adapters.map((adapter) => ratioOf(measured, measured.adapters[adapter])),
      ]),
    ),
  ].join('\n');
}

function handOf({ workload, byHand, rows }: Measured): string {
  const ms = median(byHand);
  return workload === 'idle' ? `${ms.toFixed(2)} ms` : `${(rows / ms).toFixed(1)} thousand rows/s`;
}

function ratioOf(measured: Measured, times: readonly number[] | undefined): string {
  if (times === undefined) return '-';
  const all = ratios(measured, times);
  return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`;
}
