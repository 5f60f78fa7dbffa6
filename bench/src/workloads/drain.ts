import type { Contender } from '../contender.js';
import { withContenders } from '../contenders.js';
import { contentOf, MASS } from '../facts.js';
import { interleaved, milliseconds, ofSize, sized, type Take } from '../interleaved.js';
import { PER_ROW } from '../report/tables.js';
import type { Measure, Stage } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

const { act, due } = MASS.purge;

/** How many times as many rows are due in the large tables. */
const LARGER = 100;

/**
 * Whether a purge is as fast where a hundred times as many rows are due: in each round everybody deletes a part of the small
 * tables, which are made anew, and as many rows of the large ones, which are made once.
 */
export const drain: Measure = async function* (stage) {
  if (!stage.isLong) return;
  const [small, large] = [stage.rows, stage.rows * LARGER];
  const part = Math.ceil(stage.rows / 3);
  const [smallUrl, largeUrl] = [await stage.database(), await stage.database()];
  await tablesOf(largeUrl).make(contentOf(due, large), new Date());
  // Once is enough: it takes hours.
  const who: Stage = { ...stage, adapters: stage.adapters.slice(0, 1) };
  yield* withContenders(who, { url: smallUrl, hasLogs: false }, (onSmall) =>
    withContenders(who, { url: largeUrl, hasLogs: false }, async function* (onLarge) {
      const takes = new Map<string, Take>();
      for (const [name, contender] of onSmall) {
        takes.set(sized(name, small), async () => {
          await tablesOf(smallUrl).make(contentOf(due, small), new Date());
          return timeOf(contender, part);
        });
      }
      for (const [name, contender] of onLarge) takes.set(sized(name, large), () => timeOf(contender, part));
      const rounds = await interleaved(stage.rounds, takes);
      for (const rows of [small, large])
        yield { workload: 'drain', rows, unit: PER_ROW, rounds: rounds.map((round) => ofSize(round, rows)) };
    }),
  );
};

/** Microseconds a row. */
async function timeOf(contender: Contender, rows: number): Promise<number> {
  let changed = 0;
  const ms = await milliseconds(async () => {
    changed = await contender.drain(act, rows);
  });
  if (changed !== rows) throw new Error(`${changed} of ${rows} rows were deleted`);
  return (ms * 1000) / rows;
}
