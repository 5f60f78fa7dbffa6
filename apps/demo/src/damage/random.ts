/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** At least 0, less than 1. */
  fraction(): number;
  /** From `from` (included) up to `to`. */
  between(from: number, to: number): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** `count` different whole numbers from 0 to `population` - 1, in growing order; all of them if there are fewer. */
  sample(population: number, count: number): number[];
}

/**
 * A generator of its own for each `purpose`, so that asking for more of one thing changes nothing else.
 * `seed` is a whole number from 0 to 2^53 - 1.
 */
export function createRandom(seed: number, purpose: string): Random {
  const fraction = mulberry32(hash(`${seed}:${purpose}`));
  const between = (from: number, to: number) => from + fraction() * (to - from);
  const whole = (from: number, to: number) => Math.floor(between(from, to + 1));
  return {
    fraction,
    between,
    whole,
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
    sample: (population, count) => sample(fraction, population, count),
  };
}

/** Mulberry32 by Tommy Ettinger, public domain: 32 bits of state, good enough to scatter damage. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193);
  return state >>> 0;
}

/** Selection sampling: each candidate is taken with the chance that still fills the sample exactly. */
function sample(fraction: () => number, population: number, count: number): number[] {
  const chosen: number[] = [];
  for (let candidate = 0; candidate < population && chosen.length < count; candidate++) {
    const wanted = count - chosen.length;
    if (fraction() * (population - candidate) < wanted) chosen.push(candidate);
  }
  return chosen;
}
