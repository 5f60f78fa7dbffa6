import { createStrategies, type OpenedStore, runPass } from '@jobsweep/core';
import { openStore as openKnex } from '@jobsweep/repo-knex';
import { openStore as openMongoose } from '@jobsweep/repo-mongo';
import { openStore as openTypeorm } from '@jobsweep/repo-typeorm';
import type { EngineName } from '@jobsweep/test-engines';
import { type Act, type Contender, type Opening, STRATEGY_OF } from './contender.js';
import { LOGS } from './facts.js';

export const ADAPTERS = ['knex', 'typeorm', 'mongoose'] as const;

export type Adapter = (typeof ADAPTERS)[number];

/** Whether an adapter is for this database. */
export const isFor = (adapter: Adapter, engine: EngineName): boolean =>
  (adapter === 'mongoose') === engine.startsWith('mongo');

/** jobsweep as it comes, without pauses. */
export async function jobsweep(adapter: Adapter, opening: Opening): Promise<Contender> {
  switch (adapter) {
    case 'knex':
      return contender(await openKnex(...optionsOf(opening)));
    case 'typeorm':
      return contender(await openTypeorm(...optionsOf(opening)));
    case 'mongoose':
      return contender(await openMongoose(...optionsOf(opening)));
  }
}

/** For whoever opens a store. */
const optionsOf = ({ url, hasLogs }: Opening) =>
  [{ url }, hasLogs ? { schema: { dependents: { delete: [{ table: LOGS, key: 'job_id' }] } } } : {}] as const;

function contender<Session>(opened: OpenedStore<Session>): Contender {
  const { store } = opened;
  const strategies = createStrategies(store);
  // As a runner does: a pass goes on with what fitted the one before.
  const fitting = new Map<Act, number>();
  const probed = Object.values<string>(STRATEGY_OF);
  return {
    close: () => opened.close(),
    async drain(act, maxRows = Number.POSITIVE_INFINITY) {
      const strategy = strategies.find(({ name }) => name === STRATEGY_OF[act]);
      if (strategy === undefined) throw new Error(`No strategy for ${act}`);
      const how = { firstBatchRows: fitting.get(act), maxRows, pauseFraction: 0, timeoutSeconds: 3600 };
      const { error, itemsCleaned, batchRows } = await runPass(store, strategy, how);
      if (error !== undefined) throw error;
      fitting.set(act, batchRows);
      return itemsCleaned;
    },
    async look() {
      for (const strategy of strategies.filter(({ name }) => probed.includes(name))) {
        const { error, status } = await runPass(store, strategy);
        if (status !== 'skipped') throw error ?? new Error(`${strategy.name} found something to do`);
      }
    },
  };
}
