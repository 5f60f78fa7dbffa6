import { contentOf, MASS } from '../facts.js';
import { interleaved, milliseconds, type Take } from '../interleaved.js';
import { jobsweep, onStore } from '../jobsweep.js';
import { PER_ROW } from '../report/tables.js';
import { WITHOUT_ARCHIVE } from '../results/result.js';
import type { Measure } from '../stage.js';
import { tablesOf } from '../tables/tables.js';

const { act, due } = MASS.purge;

/** What it costs that deleted rows are kept: a purge with an archive and without. */
export const archive: Measure = async function* (stage) {
  const { adapters, rows, rounds } = stage;
  const url = await stage.database();
  const takes = new Map<string, Take>();
  const contenders = [];
  for (const adapter of adapters) {
    for (const isArchived of [true, false]) {
      const opening = { url, hasLogs: false, isArchived };
      const contender = await jobsweep(adapter, opening);
      contenders.push(contender);
      takes.set(isArchived ? adapter : `${adapter} ${WITHOUT_ARCHIVE}`, async () => {
        await tablesOf(url).make(contentOf(due, rows), new Date());
        await onStore(adapter, opening, async (opened) => {
          await opened.store.archive?.create();
          await opened.close();
        });
        const ms = await milliseconds(() => contender.drain(act));
        return (ms * 1000) / rows;
      });
    }
  }
  try {
    yield { workload: 'archive', rows, unit: PER_ROW, rounds: await interleaved(rounds, takes) };
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()));
  }
};
