/** A small seeded generator (mulberry32): the same seed gives the same sequence everywhere. */
export function randomOf(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** A whole number from 1 to `max`. */
    upTo: (max: number): number => 1 + Math.floor(next() * max),
    /** One of `choices`, which are not empty. */
    among: <Choice>(choices: readonly [Choice, ...Choice[]]): Choice =>
      choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}

export type Random = ReturnType<typeof randomOf>;
