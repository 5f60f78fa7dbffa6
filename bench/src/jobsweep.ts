import { createStrategies, type OpenedStore, runPass } from '@jobsweep/core';
import { openStore as openKnex } from '@jobsweep/repo-knex';
import { openStore as openTypeorm } from '@jobsweep/repo-typeorm';
import { BATCH_ROWS, type Contender, PROBED, STRATEGY_OF } from './workload.js';

export const ADAPTERS = ['knex', 'typeorm'] as const;

export type Adapter = (typeof ADAPTERS)[number];

/** jobsweep as it comes, without pauses. */
export async function jobsweep(adapter: Adapter, url: string): Promise<Contender> {
  return adapter === 'knex' ? contender(await openKnex({ url })) : contender(await openTypeorm({ url }));
}

function contender<Session>(opened: OpenedStore<Session>): Contender {
  const { store } = opened;
  const strategies = createStrategies(store);
  return {
    close: () => opened.close(),
    async drain(workload) {
      const strategy = strategies.find(({ name }) => name === STRATEGY_OF[workload]);
      if (strategy === undefined) throw new Error(`No strategy for ${workload}`);
      const how = { batchRows: BATCH_ROWS, pauseFraction: 0, timeoutSeconds: 3600 };
      const { error, itemsCleaned } = await runPass(store, strategy, how);
      if (error !== undefined) throw error;
      return itemsCleaned;
    },
    async look() {
      for (const strategy of strategies.filter(({ name }) => PROBED.some((probed) => probed === name))) {
        const { error, status } = await runPass(store, strategy);
        if (status !== 'skipped') throw error ?? new Error(`${strategy.name} found something to do`);
      }
    },
  };
}
