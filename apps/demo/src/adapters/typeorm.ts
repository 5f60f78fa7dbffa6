import { typeormStore } from '@jobsweep/repo-typeorm';
import { DataSource } from 'typeorm';
import { heldBy, POOL_SIZE, type WithStore } from './with-store.js';

export const withTypeormStore: WithStore = async (database, url, work) => {
  const type = database === 'postgres' ? 'postgres' : 'mysql';
  const dataSource = await new DataSource({ type, url, poolSize: POOL_SIZE }).initialize();
  try {
    return await work(typeormStore(dataSource, { schema: heldBy('id') }));
  } finally {
    await dataSource.destroy();
  }
};
