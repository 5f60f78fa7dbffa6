import type { Round } from './results/result.js';

/** What half of all stay below, and all but one in a hundred. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

export function latenciesOf(values: readonly number[]): Latencies {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** One number of what each round took. */
export const pick = <Taken>(rounds: readonly Record<string, Taken>[], of: (taken: Taken) => number): Round[] =>
  rounds.map((round) => Object.fromEntries(Object.entries(round).map(([who, taken]) => [who, of(taken)])));
