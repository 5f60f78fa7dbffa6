import type { Round } from './results/result.js';

/** Does something once, and gives what it took. */
export type Take<Taken = number> = () => Promise<Taken>;

/** One after the other, in another order each round, so that what changes with time hits all alike. */
export async function interleaved<Taken = number>(
  rounds: number,
  takes: ReadonlyMap<string, Take<Taken>>,
): Promise<Record<string, Taken>[]> {
  const taken: Record<string, Taken>[] = [];
  const order = [...takes];
  // The first round finds connections that are not open and code that has not run yet, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    const values = new Map<string, Taken>();
    for (const [who, take] of order) values.set(who, await take());
    // Whoever comes first in the results is not who was first in the round.
    const sorted = [...takes.keys()].flatMap((who) =>
      values.has(who) ? [[who, values.get(who) as Taken] as const] : [],
    );
    if (round > 0) taken.push(Object.fromEntries(sorted));
    order.push(...order.splice(0, 1));
  }
  return taken;
}

/** Milliseconds that some work takes. */
export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The name of somebody who works on tables of this size, where sizes are compared round by round. */
export const sized = (who: string, rows: number): string => `${who}, ${rows}`;

/** Of a round the part that is of one size. */
export const ofSize = (round: Round, rows: number): Round =>
  Object.fromEntries(
    Object.entries(round).flatMap(([name, value]) => {
      const [who = '', size] = name.split(', ');
      return size === String(rows) ? [[who, value]] : [];
    }),
  );
