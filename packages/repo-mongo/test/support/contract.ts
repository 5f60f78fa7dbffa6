import {
  type ContractSubject,
  type Driven,
  describeCleanupStore,
  describeDriver,
  type Layout,
} from '@jobsweep/contract';
import type { CleanupStore, StoreParts } from '@jobsweep/core';
import { describeDriverOfRun, enginesOfRun, mongoSubject } from '@jobsweep/test-engines/vitest';
import type { ClientSession } from 'mongoose';
import { mongoContext } from '../../src/context.js';
import type { MongoCleanupRepository, MongoStoreOptions } from '../../src/index.js';
import { storeOn } from '../../src/mongo-store.js';
import { connectionTo, type Release } from './connection.js';

/** Where other processes open a store: they run no TypeScript. */
const module = new URL('../../dist/index.js', import.meta.url).href;

type Engine = 'mongodb' | 'mongodb-standalone';

/** One release of mongoose on a kind of server, for the contract suite. */
export function subjectOf(release: Release, engine: Engine): ContractSubject<ClientSession> {
  const isAtomic = engine === 'mongodb';
  const connect = async (url: string, { schema }: Layout) => {
    const connection = await connectionTo(url, release);
    const store = (options: MongoStoreOptions = {}, parts?: StoreParts) =>
      storeOn(mongoContext(connection, { allowNonAtomic: !isAtomic, ...options }), parts);
    const driven = drivenBy(store({ maxAttempts: 1, schema: { ...schema, archive: true } }));
    return { store, driven, module, options: { allowNonAtomic: !isAtomic }, close: () => connection.close() };
  };
  return {
    // The races are those of the newest, and take the oldest driver thrice as long.
    ...(release === 'oldest' && { interleavings: 200 }),
    ...mongoSubject(`repo-mongo (${release} mongoose)`, engine, connect),
    capabilities: {
      transactions: isAtomic,
      skipsLocked: false,
      readFence: isAtomic,
      mapping: ['instant', 'epochSeconds', 'epochMillis', 'isoText'],
      ids: ['number', 'bigint', 'uuid', 'text', 'objectId'],
      caseless: false,
    },
  };
}

/** Describes the contract suite, where the run has the engine. */
export function describeContract(release: Release, engine: Engine): void {
  if (!enginesOfRun().includes(engine)) return;
  const subject = subjectOf(release, engine);
  // The writes without transactions are the operations; the rest is the protocol's, and the server takes long over many rows.
  if (release === 'oldest' || engine === 'mongodb-standalone') {
    describeDriverOfRun(subject);
  } else {
    describeDriver(subject);
    describeCleanupStore(subject);
  }
}

/** The driver of a store, in its transactions. */
function drivenBy({ repository, transaction }: CleanupStore<ClientSession>): Driven<ClientSession> {
  const { driver, context } = repository as MongoCleanupRepository;
  return { driver, mapped: context.mapped, transaction: (work) => transaction(work) };
}
