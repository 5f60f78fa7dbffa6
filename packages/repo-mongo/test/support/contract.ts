import { type ContractSubject, describeCleanupStore } from '@jobsweep/contract';
import { describeSuiteOfRun, enginesOfRun, mongoSubject } from '@jobsweep/test-engines/vitest';
import type { ClientSession } from 'mongoose';
import { type MongoStoreOptions, mongoStore } from '../../src/index.js';
import { connectionTo, type Release } from './connection.js';

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

/** Describes the contract suite, where the run has the engine. */
export function describeContract(release: Release, engine: 'mongodb' | 'mongodb-standalone'): void {
  if (!enginesOfRun().includes(engine)) return;
  const isAtomic = engine === 'mongodb';
  const connect = async (url: string) => {
    const connection = await connectionTo(url, release);
    const store = (options: MongoStoreOptions = {}) =>
      mongoStore(connection, { allowNonAtomic: !isAtomic, ...options });
    return { store, module, options: { allowNonAtomic: !isAtomic }, close: () => connection.close() };
  };
  const subject: ContractSubject<ClientSession> = {
    // The races are those of the newest, and take the oldest driver thrice as long.
    ...(release === 'oldest' && { interleavings: 200 }),
    ...mongoSubject(`repo-mongo (${release} mongoose)`, engine, connect),
    capabilities: {
      transactions: isAtomic,
      skipsLocked: false,
      readFence: isAtomic,
      mapping: ['instant', 'epochSeconds', 'epochMillis'],
      ids: ['number', 'bigint', 'uuid', 'text', 'objectId'],
      caseless: false,
    },
  };
  if (release === 'oldest') describeSuiteOfRun(subject);
  else describeCleanupStore(subject);
}
