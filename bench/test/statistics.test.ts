import { expect, test } from 'vitest';
import { median, medianInterval } from '../src/results/statistics.js';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index);

test('the median of an even number of values lies between two', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

// From the tables of the sign test.
test.each([
  [6, 1, 6],
  [7, 1, 7],
  [8, 1, 8],
  [9, 2, 8],
  [12, 3, 10],
  [15, 4, 12],
  [20, 6, 15],
])('of %i values the median lies between that of rank %i and that of rank %i', (count, low, high) => {
  expect(medianInterval(upTo(count))).toEqual({ low, median: (count + 1) / 2, high });
});

test('five values enclose nothing at 95 %', () => {
  expect(medianInterval(upTo(5))).toEqual({
    low: Number.NEGATIVE_INFINITY,
    median: 3,
    high: Number.POSITIVE_INFINITY,
  });
});
