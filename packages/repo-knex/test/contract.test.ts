import { describeCleanupStore } from '@jobsweep/contract';
import { enginesOfRun, sqlSubject } from '@jobsweep/test-engines/vitest';
import createKnex from 'knex';
import { knexStore } from '../src/index.js';

for (const engine of enginesOfRun()) {
  const client = engine === 'postgres' ? 'pg' : 'mysql2';
  const connect = async (url: string) => {
    const knex = createKnex({ client, connection: url, pool: { min: 0, max: 4 } });
    return { store: (options = {}) => knexStore(knex, options), close: () => knex.destroy() };
  };
  describeCleanupStore(sqlSubject('repo-knex', engine, connect));
}
