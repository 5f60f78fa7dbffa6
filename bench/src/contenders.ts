import type { Contender, Opening } from './contender.js';
import { byHand } from './hand/by-hand.js';
import { jobsweep } from './jobsweep.js';
import { HAND } from './results/result.js';
import type { Stage } from './stage.js';

/** Gives `work` the limit and every adapter, on one database, and closes them after it. */
export async function* withContenders<T>(
  { engine, adapters }: Stage,
  opening: Opening,
  work: (contenders: ReadonlyMap<string, Contender>) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const contenders = new Map<string, Contender>();
  try {
    contenders.set(HAND, await byHand(engine, opening));
    for (const adapter of adapters) contenders.set(adapter, await jobsweep(adapter, opening));
    yield* work(contenders);
  } finally {
    await Promise.all([...contenders.values()].map((contender) => contender.close()));
  }
}
