import {
  type CleanupRepository,
  type CleanupStore,
  type ContextParts,
  EVERY,
  type TurnRules,
  type Tx,
} from '@jobsweep/core';
import {
  MemoryCleanupRepository,
  type MemoryDatabase,
  type MemorySession,
  type MemoryStoreOptions,
  memoryStore,
} from '@jobsweep/core/memory';
import type { StoreFactory } from '../support/memory-subject.js';

/** A fault, and the test of the suite that has to find it. */
export interface Fault {
  readonly name: string;
  /** What is done wrong. */
  readonly fault: string;
  /** The test that is named for it: the titles of its groups and its own, joined by ` > `. */
  readonly failsIn: string;
}

/** The memory adapter with one fault that adapters have had. */
export interface Variant extends Fault {
  readonly store: StoreFactory;
}

type Repository = CleanupRepository<MemorySession>;

const WRITES = [
  'releaseResourcesForCompletedJobs',
  'cleanupStaleReservation',
  'cleanupStaleReservations',
  'markJobAsFailed',
  'markJobsAsFailed',
  'releaseResourceForJob',
  'releaseResourcesForJobs',
  'deleteJobsBatch',
] as const satisfies readonly (keyof Repository)[];

/** A store with some operations replaced. */
export function withOperations(
  replaced: (
    repository: Repository,
    database: MemoryDatabase,
    options: MemoryStoreOptions | undefined,
  ) => Partial<Repository>,
): StoreFactory {
  return (database, options) => {
    const store = memoryStore(database, options);
    const { repository } = store;
    return { ...store, repository: derived(repository, replaced(bound(repository), database, options)) };
  };
}

/** A store whose protocol is made of other parts. */
export function withContext(parts: Partial<ContextParts>): StoreFactory {
  return (database, options) => ({
    ...memoryStore(database, options),
    repository: new MemoryCleanupRepository(database, options, parts),
  });
}

/** A store whose protocol does other things with the statements that it has. */
export function withTx(replaced: (tx: Tx) => Partial<Tx>): StoreFactory {
  return withContext({ tx: (tx) => derived(tx, replaced(bound(tx))) });
}

/** A store whose turns go by other rules, or are taken and held with other statements. A lock is waited for but shortly. */
export function withTurns({
  rules,
  tx: replaced,
}: {
  readonly rules?: TurnRules;
  readonly tx?: (tx: Tx) => Partial<Tx>;
}): StoreFactory {
  const tx = replaced && ((sound: Tx) => derived(sound, replaced(bound(sound))));
  return (database, options) =>
    memoryStore(database, { lockTimeoutSeconds: 0.1, ...options }, { ...(rules && { rules }), ...(tx && { tx }) });
}

/** A store that reads as it should, and writes through another repository. */
export function withWritesOf(
  repositoryOn: (database: MemoryDatabase, options: MemoryStoreOptions | undefined) => Repository,
): StoreFactory {
  return withOperations((_sound, database, options) => {
    const broken = repositoryOn(database, options);
    return Object.fromEntries(WRITES.map((name) => [name, broken[name].bind(broken)]));
  });
}

/** A store that reads by the rules, and guards its writes by others. */
export function withGuards(parts: Partial<ContextParts>): StoreFactory {
  return withWritesOf((database, options) => new MemoryCleanupRepository(database, options, parts));
}

/** A store whose statements do something else than they are told. */
export function withStatements(
  replaced: (
    session: MemorySession,
    database: MemoryDatabase,
  ) => Partial<Pick<MemorySession, 'select' | 'lock' | 'update' | 'delete'>>,
): StoreFactory {
  return (database, options) => {
    const store = memoryStore(database, options);
    return withTransaction(store, (session) => derived<MemorySession>(session, replaced(bound(session), database)));
  };
}

function withTransaction(
  store: CleanupStore<MemorySession>,
  wrapped: (session: MemorySession) => MemorySession,
): CleanupStore<MemorySession> {
  return { ...store, transaction: (work, how) => store.transaction((session) => work(wrapped(session)), how) };
}

/** The object with some of its members replaced, for itself too. */
export function derived<Thing extends object>(thing: Thing, replaced: Partial<Thing>): Thing {
  return Object.assign(Object.create(thing) as Thing, replaced);
}

/** The object with methods that can be called on their own. */
export function bound<Thing extends object>(thing: Thing): Thing {
  return new Proxy(thing, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Waits for whoever holds a row, and takes it then. */
export const takesAfterWaiting = (tx: Tx): Partial<Tx> => ({
  async take(table, key, taking) {
    await tx.hold(table, key, [], EVERY);
    return tx.take(table, key, taking);
  },
});
