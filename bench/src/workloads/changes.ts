import { contentOf, MASS } from '../facts.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { jobsweep } from '../jobsweep.js';
import { PER_ROW } from '../report/tables.js';
import { WITHOUT_CHANGES } from '../results/result.js';
import type { Measure } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

const NO_PAUSES = { pauseFraction: 0 };

/** What it costs that each change is kept: passes under a claim, with and without. */
export const changes: Measure = async function* (stage) {
  const { adapters, rows, rounds } = stage;
  const url = await stage.database();
  const opening = { url, hasLogs: false };
  for (const { act, due } of [MASS.release, MASS.fail, MASS.purge]) {
    const takes = new Map<string, Take>();
    const contenders = [];
    for (const adapter of adapters) {
      for (const isKept of [true, false]) {
        const contender = await jobsweep(adapter, opening, NO_PAUSES, { isKept });
        contenders.push(contender);
        takes.set(isKept ? adapter : `${adapter} ${WITHOUT_CHANGES}`, async () => {
          await tablesOf(url).make(contentOf(due, rows), new Date());
          const ms = await milliseconds(() => contender.drain(act));
          return (ms * 1000) / rows;
        });
      }
    }
    try {
      yield { workload: `${act} with changes`, rows, unit: PER_ROW, rounds: await interleaved(rounds, takes) };
    } finally {
      await Promise.all(contenders.map((contender) => contender.close()));
    }
  }
};
