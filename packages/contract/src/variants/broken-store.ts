import type { CleanupRepository, CleanupStore, ContextParts } from '@jobsweep/core';
import type { Cluster, SuiteStoreOptions } from '../cluster.js';
import { bound, derived, type ReplacedTx, txOf } from './replaced.js';
import type { Breaking } from './variant.js';

const WRITES = [
  'releaseResourcesForCompletedJobs',
  'cleanupStaleReservation',
  'cleanupStaleReservations',
  'markJobAsFailed',
  'markJobsAsFailed',
  'releaseResourceForJob',
  'releaseResourcesForJobs',
  'deleteJobsBatch',
  'releaseOrphanedAllocations',
  'failWaitingJobs',
  'giveBackJobs',
] as const satisfies readonly (keyof CleanupRepository<object>)[];

/** Stores that are opened in another way. */
export const withStores =
  (
    opened: <Session extends object>(
      open: Cluster<Session>['store'],
      options: SuiteStoreOptions,
      cluster: Cluster<Session>,
    ) => CleanupStore<Session>,
  ): Breaking =>
  (cluster) => ({
    store: (options = {}) => opened((...given) => cluster.store(...given), options, cluster),
  });

/** Stores whose operations are made of other parts of core. */
export const withContext = (operations: Partial<ContextParts>): Breaking =>
  withStores((open, options) => open(options, { operations }));

/** Stores whose operations do other things with the statements that they have. */
export const withTx = (replaced: ReplacedTx): Breaking => withContext({ tx: txOf(replaced) });

/** Stores with some members replaced. */
export const withMembers = (
  replaced: <Session extends object>(
    store: CleanupStore<Session>,
    cluster: Cluster<Session>,
  ) => Partial<CleanupStore<Session>>,
): Breaking =>
  withStores((open, options, cluster) => {
    const store = open(options);
    return { ...store, ...replaced(store, cluster) };
  });

/** Stores with some operations replaced. */
export const withOperations = (
  replaced: <Session extends object>(repository: CleanupRepository<Session>) => Partial<CleanupRepository<Session>>,
): Breaking => withMembers(({ repository }) => ({ repository: derived(repository, replaced(bound(repository))) }));

/** Stores that write as they are opened here, and read as they should. */
export const withWritesOf = (
  opened: <Session extends object>(
    open: Cluster<Session>['store'],
    options: SuiteStoreOptions,
  ) => CleanupStore<Session>,
): Breaking =>
  withStores((open, options) => {
    const broken = opened(open, options);
    const writes = bound(broken.repository);
    const replaced = Object.fromEntries(WRITES.map((name) => [name, writes[name]])) as Partial<typeof writes>;
    return { ...broken, repository: derived(open(options).repository, replaced) };
  });

/** Stores that read by the rules, and guard their writes by others. */
export const withGuards = (operations: Partial<ContextParts>): Breaking =>
  withWritesOf((open, options) => open(options, { operations }));
