import { describeCleanupStore } from '@jobsweep/contract';
import { enginesOfRun, mongoSubject } from '@jobsweep/test-engines/vitest';
import { type MongoStoreOptions, mongoStore } from '../src/index.js';
import { connectionTo, RELEASES } from './support/connection.js';

for (const release of RELEASES) {
  for (const engine of enginesOfRun()) {
    const isAtomic = engine === 'mongodb';
    const connect = async (url: string) => {
      const connection = await connectionTo(url, release);
      const store = (options: MongoStoreOptions = {}) =>
        mongoStore(connection, { allowNonAtomic: !isAtomic, ...options });
      return { store, close: () => connection.close() };
    };
    describeCleanupStore({
      ...mongoSubject(`repo-mongo (${release} mongoose)`, engine, connect),
      capabilities: {
        transactions: isAtomic,
        skipsLocked: false,
        readFence: isAtomic,
        mapping: ['instant', 'epochSeconds', 'epochMillis'],
        ids: ['number', 'bigint', 'uuid', 'text', 'objectId'],
      },
    });
  }
}
