import type { Result, Results } from './result.js';

/** What several runs found: rounds of the same workload, rows and server are put together. Throws where machines differ. */
export function merge([first, ...others]: readonly [Results, ...Results[]]): Results {
  const machine = JSON.stringify(first.machine);
  if (others.some((other) => JSON.stringify(other.machine) !== machine)) {
    throw new TypeError('These were measured on different machines: merge those of one');
  }
  const merged = new Map<string, Result>();
  for (const result of [first, ...others].flatMap(({ results }) => results)) {
    const { rounds, ...about } = result;
    const key = JSON.stringify([about.workload, about.rows, about.unit, about.engine, about.server]);
    merged.set(key, { ...about, rounds: [...(merged.get(key)?.rounds ?? []), ...rounds] });
  }
  const at =
    [first, ...others]
      .map((each) => each.at)
      .sort()
      .at(-1) ?? first.at;
  return { machine: first.machine, at, results: [...merged.values()] };
}
