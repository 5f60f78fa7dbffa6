import type { AdapterName, Pair } from './pairs.js';
import type { WithStore, Work } from './with-store.js';

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
