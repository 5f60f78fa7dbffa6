import { typeormStore } from '@jobsweep/repo-typeorm';
import { DataSource } from 'typeorm';
import { POOL_SIZE, type WithStore } from './with-store.js';

export const withTypeormStore: WithStore = async (database, url, work) => {
  const type = database === 'postgres' ? 'postgres' : 'mysql';
  const dataSource = await new DataSource({ type, url, poolSize: POOL_SIZE }).initialize();
  try {
    return await work(typeormStore(dataSource));
  } finally {
    await dataSource.destroy();
  }
};
