import { type Claim, createStrategies, type OpenedStore, type PassOptions, runPass } from '@jobsweep/core';
import { openStore as openKnex } from '@jobsweep/repo-knex';
import { openStore as openMongoose } from '@jobsweep/repo-mongo';
import { openStore as openTypeorm } from '@jobsweep/repo-typeorm';
import type { EngineName } from '@jobsweep/test-engines';
import { type Act, type Contender, type Opening, STRATEGY_OF } from './contender.js';
import { LOGS } from './facts.js';

export const ADAPTERS = ['knex', 'typeorm', 'mongoose'] as const;

export type Adapter = (typeof ADAPTERS)[number];

const HOUR = 3600;

/** Whether an adapter is for this database. */
export const isFor = (adapter: Adapter, engine: EngineName): boolean =>
  (adapter === 'mongoose') === engine.startsWith('mongo');

/** Opens a store and gives it to `use`, whatever its sessions are. */
export async function onStore<T>(
  adapter: Adapter,
  opening: Opening,
  use: <Session>(opened: OpenedStore<Session>) => Promise<T>,
): Promise<T> {
  switch (adapter) {
    case 'knex':
      return use(await openKnex(...optionsOf(opening)));
    case 'typeorm':
      return use(await openTypeorm(...optionsOf(opening)));
    case 'mongoose':
      return use(await openMongoose(...optionsOf(opening)));
  }
}

/** jobsweep as it comes, but that it does not pause, unless `pass` says how it does. */
export const jobsweep = (adapter: Adapter, opening: Opening, pass: PassOptions = { pauseFraction: 0 }, turns?: Turns) =>
  onStore(adapter, opening, async (opened) => contender(opened, pass, turns));

/** That each pass has a turn. */
interface Turns {
  /** Whether its changes are kept. */
  readonly isKept: boolean;
}

/** For whoever opens a store. */
function optionsOf({ url, hasLogs, isArchived = false, isWithoutAllocations = false, mapping }: Opening) {
  const schema = {
    archive: isArchived,
    ...(hasLogs && { dependents: { delete: [{ table: LOGS, key: 'job_id' }] } }),
    ...(isWithoutAllocations && { allocations: null }),
  };
  return [{ url }, mapping ?? { schema }] as const;
}

function contender<Session>(opened: OpenedStore<Session>, pass: PassOptions, turns?: Turns): Contender {
  const { store } = opened;
  const claimed = async (strategy: string): Promise<Claim | undefined> => {
    if (turns === undefined) return undefined;
    await store.ownTables.create();
    const request = { strategy, holder: `bench ${turns.isKept}`, termSeconds: HOUR, changes: turns.isKept };
    const answer = await store.claims.acquire(request);
    if (answer.outcome !== 'claimed') throw new Error(`The turn of ${strategy} is ${answer.outcome}`);
    return answer.claim;
  };
  const strategies = createStrategies(store);
  // As a runner does: a pass goes on with what fitted the one before.
  const fitting = new Map<Act, number>();
  const probed = Object.values<string>(STRATEGY_OF);
  return {
    close: () => opened.close(),
    async drain(act, maxRows = Number.POSITIVE_INFINITY) {
      const strategy = strategies.find(({ name }) => name === STRATEGY_OF[act]);
      if (strategy === undefined) throw new Error(`No strategy for ${act}`);
      const how = { timeoutSeconds: HOUR, ...pass, firstBatchRows: fitting.get(act), maxRows };
      const claim = await claimed(strategy.name);
      const { error, itemsCleaned, batchRows } = await runPass(store, strategy, { ...how, claim });
      if (claim !== undefined) await store.claims.release(claim, { empty: false });
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
