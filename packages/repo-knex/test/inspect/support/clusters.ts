import type { Cluster, Layout } from '@jobsweep/contract';
import type { EngineName } from '@jobsweep/test-engines';
import { sqlSubject } from '@jobsweep/test-engines/vitest';
import createKnex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { knexStore } from '../../../src/index.js';

/** A cluster of the contract suite on an engine, with the user's knex instance and what it sent. */
export interface InspectedCluster extends Omit<Cluster<Knex.Transaction>, 'close' | 'store'> {
  readonly knex: Knex;
  readonly url: string;
  store(options?: Parameters<typeof knexStore>[1]): ReturnType<typeof knexStore>;
}

/** Sets one up for the `describe` around, emptied before each test. */
export function useCluster(engine: EngineName, layout: Layout = {}): InspectedCluster {
  const open: { cluster?: Cluster<Knex.Transaction>; knex?: Knex; url?: string } = {};
  const connect = (url: string) => {
    const knex = createKnex({
      client: engine === 'postgres' ? 'pg' : 'mysql2',
      connection: url,
      pool: { min: 0, max: 4 },
    });
    Object.assign(open, { knex, url });
    return Promise.resolve({ store: (options = {}) => knexStore(knex, options), close: () => knex.destroy() });
  };
  const there = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('The cluster is set up in beforeAll');
    return value;
  };
  beforeAll(async () => {
    open.cluster = await sqlSubject('inspect', engine, connect).open(layout);
  });
  beforeEach(() => there(open.cluster).clear());
  afterAll(() => open.cluster?.close());
  return {
    get knex() {
      return there(open.knex);
    },
    get url() {
      return there(open.url);
    },
    get second() {
      return there(open.cluster).second;
    },
    store: (options) => knexStore(there(open.knex), { ...(layout.schema && { schema: layout.schema }), ...options }),
    seed: (rows) => there(open.cluster).seed(rows),
    read: () => there(open.cluster).read(),
    clear: () => there(open.cluster).clear(),
    now: () => there(open.cluster).now(),
    connect: () => there(open.cluster).connect(),
  };
}
