const decades = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_none, index) => 10 ** (from + index)).flatMap((ten) => [
    ten,
    2 * ten,
    5 * ten,
  ]);

/** Whole numbers. */
export const ROW_STEPS = decades(0, 12);

/** Seconds: round ones of each unit that lengths are told in. */
export const LENGTH_STEPS = [
  ...decades(-3, -1),
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => 60 * minutes),
  ...[1, 2, 3, 6, 12].map((hours) => 3600 * hours),
  ...decades(0, 5).map((days) => 86_400 * days),
];
