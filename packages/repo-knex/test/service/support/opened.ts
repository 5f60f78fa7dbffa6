import type { CleanupStore, OpenedStore } from '@jobsweep/core';
import type { EngineName } from '@jobsweep/test-engines';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import type { Knex } from 'knex';
import { afterAll, beforeAll } from 'vitest';
import { type KnexStoreOptions, openStore } from '../../../src/index.js';
import { connectRaw, type Raw } from './raw.js';

/** A database for the `describe` around, with a connection of the plain driver and stores with pools of their own. */
export interface OpenedDatabase {
  readonly url: string;
  readonly raw: Raw;
  /** Another connection of the plain driver. */
  readonly other: Raw;
  open(options?: KnexStoreOptions, url?: string): Promise<CleanupStore<Knex.Transaction>>;
}

export function useDatabase(engine: EngineName): OpenedDatabase {
  const database = freshDatabase('service', engine);
  const opened: OpenedStore<Knex.Transaction>[] = [];
  const connections: Raw[] = [];
  const there = (index: number): Raw => {
    const connection = connections[index];
    if (connection === undefined) throw new Error('The connections are made in beforeAll');
    return connection;
  };
  beforeAll(async () => {
    connections.push(await connectRaw(database.url), await connectRaw(database.url));
  });
  afterAll(() => Promise.all([...opened, ...connections].map((each) => each.close())));
  return {
    get url() {
      return database.url;
    },
    get raw() {
      return there(0);
    },
    get other() {
      return there(1);
    },
    async open(options, url = database.url) {
      const one = await openStore({ url }, options);
      opened.push(one);
      return one.store;
    },
  };
}
