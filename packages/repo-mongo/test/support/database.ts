import { enginesOfRun, freshDatabase } from '@jobsweep/test-engines/vitest';
import type { Connection, mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { connectionTo, type Release } from './connection.js';

type Row = mongo.Document;

/** The two default collections, through the plain driver, empty before each test. */
export interface Database {
  readonly url: string;
  readonly connection: Connection;
  readonly jobs: mongo.Collection<Row>;
  readonly allocations: mongo.Collection<Row>;
}

/** Whether a run has an engine: ENGINES may leave it out. */
export const has = (engine: 'mongodb' | 'mongodb-standalone'): boolean => enginesOfRun().includes(engine);

/** A database of the describe block around, on one of the run's servers. */
export function useDatabase(engine: 'mongodb' | 'mongodb-standalone', release: Release = 'newest'): Database {
  const database = freshDatabase('repo-mongo', engine);
  let connection: Connection;
  // The driver's own collections: nothing of mongoose's is under them.
  const plain = (name: string) => connection.getClient().db(connection.name).collection<Row>(name);
  beforeAll(async () => {
    connection = await connectionTo(database.url, release);
    await Promise.all(['jobs', 'resource_allocations'].map((name) => connection.createCollection(name)));
  });
  beforeEach(async () => {
    await Promise.all([plain('jobs').deleteMany({}), plain('resource_allocations').deleteMany({})]);
  });
  afterAll(() => connection.close());
  return {
    get url() {
      return database.url;
    },
    get connection() {
      return connection;
    },
    get jobs() {
      return plain('jobs');
    },
    get allocations() {
      return plain('resource_allocations');
    },
  };
}

/** Long ago by every limit. */
export const OLD = new Date('2020-01-01T00:00:00Z');
