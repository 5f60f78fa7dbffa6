import type { CleanupStore } from '@jobsweep/core';
import type { AdapterName, DatabaseName, Pair } from './pairs.js';

/** What is done with a store, whatever its session is. */
type Work<Result> = <Session extends object>(store: CleanupStore<Session>) => Promise<Result>;

/** Opens a database as the users of a library do, and closes it when the work is done. */
export type WithStore = <Result>(database: DatabaseName, url: string, work: Work<Result>) => Promise<Result>;

/** Connections of a pass, which uses one after another; one more for what cannot wait. */
export const POOL_SIZE = 2;

/** Loaded when they are used: libraries are large. */
const ADAPTERS: Readonly<Record<AdapterName, () => Promise<WithStore>>> = {
  knex: async () => (await import('./knex.js')).withKnexStore,
  typeorm: async () => (await import('./typeorm.js')).withTypeormStore,
  mongo: async () => (await import('./mongo.js')).withMongoStore,
};

/** Gives the store of an adapter on the database at `url` to some work. */
export async function withStore<Result>({ adapter, database }: Pair, url: string, work: Work<Result>): Promise<Result> {
  const open = await ADAPTERS[adapter]();
  return open(database, url, work);
}
