import { knexStore } from '@jobsweep/repo-knex';
import createKnex from 'knex';
import { heldBy, POOL_SIZE, type WithStore } from './with-store.js';

/** Errors are thrown as well; a connection that is cut on purpose is none. */
const SILENT = { warn() {}, error() {}, deprecate() {}, debug() {} };

export const withKnexStore: WithStore = async (database, url, work) => {
  const client = database === 'postgres' ? 'pg' : 'mysql2';
  const knex = createKnex({ client, connection: url, pool: { min: 0, max: POOL_SIZE }, log: SILENT });
  try {
    return await work(knexStore(knex, { schema: heldBy('id') }));
  } finally {
    await knex.destroy();
  }
};
