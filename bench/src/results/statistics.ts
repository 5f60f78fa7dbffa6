/** A median, and between what it lies for all rounds there could be, at 95 %. */
export interface Interval {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** On each side of an interval of 95 %. */
const TAIL = 0.025;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

/**
 * The order statistics that enclose the median, however the values are distributed: each value is above it or below it like a
 * coin. Fewer than six values enclose nothing at 95 %, and the interval has no ends.
 *
 * @example
 * medianInterval([3, 1, 2, 5, 4, 7, 6]); // { low: 1, median: 4, high: 7 }
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((one, other) => one - other);
  // How likely it is that all but so many of the lowest values are above the median.
  let [rank, chance, ways] = [0, 0, 0.5 ** sorted.length];
  for (; chance + ways <= TAIL; rank += 1) {
    chance += ways;
    ways *= (sorted.length - rank) / (rank + 1);
  }
  const [low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY] = [
    sorted[rank - 1],
    sorted[sorted.length - rank],
  ];
  return { low, median: median(sorted), high };
}

/** How far values lie apart, as a share of their median. */
export const spread = (values: readonly number[]): number =>
  (Math.max(...values) - Math.min(...values)) / median(values);
