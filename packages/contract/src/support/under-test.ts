import { type CleanupStore, TIME_CODECS } from '@jobsweep/core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import type {
  Change,
  Cluster,
  Columns,
  ContractSubject,
  Insertion,
  Layout,
  SuiteCapabilities,
  TableName,
  Tables,
  Value,
} from '../cluster.js';
import { before, NOW } from './times.js';

/** The cluster of the `describe` around: there from `beforeAll` on, empty before each test. */
export interface ClusterUnderTest<Session extends object> extends Required<Cluster<Session>> {
  readonly precisionMicros: number;
  readonly idColumn: string;
  readonly capabilities: Required<SuiteCapabilities>;
  /** A time before `NOW`, in seconds and in steps of the smallest size that the database keeps: more is older. */
  ago(seconds: number, steps?: number): string;
  /** Does something as the rest of the cluster, committed when it resolves. */
  act(...actions: readonly (Change | Insertion)[]): Promise<void>;
}

const DEFAULT_CAPABILITIES: Required<SuiteCapabilities> = {
  transactions: true,
  skipsLocked: true,
  readFence: true,
  mapping: TIME_CODECS,
  createdTime: true,
  ids: ['number', 'bigint', 'uuid', 'text', 'pair'],
  ownTables: true,
  processes: true,
  endsIdle: true,
  archive: true,
  caseless: true,
};

export const capabilitiesOf = ({ capabilities }: Pick<ContractSubject<object>, 'capabilities'>) => ({
  ...DEFAULT_CAPABILITIES,
  createdTime: capabilities?.mapping !== false,
  archive: capabilities?.mapping !== false,
  ...capabilities,
});

/** A cluster of the subject for the `describe` around, of its default layout unless another one is given. */
export function useCluster<Session extends object>(
  subject: ContractSubject<Session>,
  layout?: Layout,
): ClusterUnderTest<Session> {
  const { precisionMicros = 1, idColumn = 'id' } = subject;
  let open: Cluster<Session> | undefined;
  let standard: CleanupStore<Session> | undefined;
  const cluster = (): Cluster<Session> => {
    if (open === undefined) throw new Error('The cluster is opened in beforeAll');
    return open;
  };
  beforeAll(async () => {
    open = await subject.open(layout);
    standard = undefined;
  });
  beforeEach(() => cluster().clear());
  // A test that failed in the middle leaves nothing locked for the next one.
  afterEach(() => cluster().second.end('rollback'));
  afterAll(() => open?.close());
  return {
    precisionMicros,
    idColumn,
    capabilities: capabilitiesOf(subject),
    ago: (seconds, steps = 0) => before(NOW, seconds, steps * precisionMicros),
    // One for all who ask for nothing else, as in a program: a store knows the transactions that it began itself.
    store(options) {
      if (options !== undefined) return cluster().store(options);
      standard ??= cluster().store();
      return standard;
    },
    seed: (rows) => cluster().seed(rows),
    read: () => cluster().read(),
    clear: () => cluster().clear(),
    now: () => cluster().now(),
    async act(...actions) {
      for (const action of actions) await cluster().second.act(action);
    },
    get second() {
      return cluster().second;
    },
    connect: () => cluster().connect(),
    get archive() {
      return given('archive', cluster().archive);
    },
    get own() {
      return given('own', cluster().own);
    },
    get elsewhere() {
      return given('elsewhere', cluster().elsewhere);
    },
    get driven() {
      return given('driven', cluster().driven);
    },
    close: () => cluster().close(),
  };
}

function given<Member>(name: string, member: Member | undefined): Member {
  if (member === undefined) throw new Error(`The cluster has no ${name}, and its capabilities do not say so`);
  return member;
}

/** Changes the row with an id. */
export const set = (table: TableName, id: number, columns: Columns): Change => ({
  table,
  where: { id: String(id) },
  set: columns,
});

/** Deletes the row with an id. */
export const deletion = (table: TableName, id: number): Change => ({ table, where: { id: String(id) }, set: 'delete' });

/** Does `work` while the rest of the cluster holds rows that it is about to change, and then lets go of them. */
export async function whileHeld<Result>(
  { second }: Pick<Cluster<object>, 'second'>,
  rows: readonly (readonly [TableName, string])[],
  work: () => Promise<Result>,
): Promise<Result> {
  await second.begin();
  try {
    for (const [table, id] of rows) await second.lock(table, id);
    return await work();
  } finally {
    await second.end('rollback');
  }
}

/** Does `work` while this process thinks it is 2001, and expects times written meanwhile to be the server's. */
export async function expectServerTimes<Session extends object>(
  cluster: Cluster<Session>,
  work: () => Promise<unknown>,
  timesOf: (tables: Tables) => readonly (Value | undefined)[],
): Promise<void> {
  const from = await cluster.now();
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
  await work().finally(() => vi.useRealTimers());
  const to = await cluster.now();
  const times = timesOf(await cluster.read());
  expect(times.length).toBeGreaterThan(0);
  for (const time of times) {
    expect((time ?? '') >= from, `${time} is before ${from}`).toBe(true);
    expect((time ?? '~') <= to, `${time} is after ${to}`).toBe(true);
  }
}
