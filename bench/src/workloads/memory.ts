import { join } from 'node:path';
import { Child } from '../child.js';
import { type Content, contentOf, type Jobs, MASS } from '../facts.js';
import { interleaved, type Take } from '../interleaved.js';
import { HAND } from '../results/result.js';
import type { Measure, Stage } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

const PROGRAM = join(import.meta.dirname, '../memory/program.js');
const { act, due } = MASS.purge;
const UNIT = 'MiB over the bare process';
/** How many times as many rows there are in the large tables. */
const LARGER = 100;
const LARGE_ROWS = 200;
const LARGE_BYTES = 1_000_000;

/** What a purge takes at most over what the process had when it was connected. */
export const memory: Measure = async function* (stage) {
  const { rows, isLong, rounds } = stage;
  const url = await stage.database();
  const makeSmall = () => tablesOf(url).make(contentOf(due, rows), new Date());
  yield { workload: 'memory', rows, unit: UNIT, rounds: await interleaved(rounds, takes(stage, url, rows, makeSmall)) };

  const large: Jobs = { ...due, messageBytes: LARGE_BYTES };
  const content: Content = [[large, LARGE_ROWS]];
  const makeLarge = () => tablesOf(url).make(content, new Date());
  const takesOfLarge = takes(stage, url, LARGE_ROWS, makeLarge);
  yield { workload: 'memory-1mb', rows: LARGE_ROWS, unit: UNIT, rounds: await interleaved(rounds, takesOfLarge) };
  if (!isLong) return;

  const many = rows * LARGER;
  await tablesOf(url).make(contentOf(due, many), new Date());
  // Everybody in each round, and in the one that does not count, a part of the same tables: half a million in all.
  const part = Math.ceil(rows / 5);
  const takesOfMany = takes(stage, url, part, async () => undefined);
  yield { workload: 'memory', rows: many, unit: UNIT, rounds: await interleaved(rounds, takesOfMany) };
};

function takes({ engine, adapters }: Stage, url: string, rows: number, make: () => Promise<void>): Map<string, Take> {
  const takeOf =
    (who: string): Take =>
    async () => {
      await make();
      const child = Child.start<{ changed: number; mibOver: number }>(PROGRAM, [engine, url, who, act, String(rows)]);
      try {
        const { changed, mibOver } = await child.message();
        if (changed !== rows) throw new Error(`${who} deleted ${changed} rows of ${rows}`);
        return mibOver;
      } finally {
        await child.close();
      }
    };
  return new Map([HAND, ...adapters].map((who) => [who, takeOf(who)]));
}
