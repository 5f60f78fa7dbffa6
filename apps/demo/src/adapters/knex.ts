import { knexStore } from '@jobsweep/repo-knex';
import createKnex from 'knex';
import { POOL_SIZE, type WithStore } from './adapter.js';

export const withKnexStore: WithStore = async (database, url, work) => {
  const client = database === 'postgres' ? 'pg' : 'mysql2';
  const knex = createKnex({ client, connection: url, pool: { min: 0, max: POOL_SIZE } });
  try {
    return await work(knexStore(knex));
  } finally {
    await knex.destroy();
  }
};
