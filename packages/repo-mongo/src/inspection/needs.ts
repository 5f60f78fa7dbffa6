import type { StrategyName } from '@jobsweep/core';
import type { MongoContext } from '../context.js';

/** What has to be allowed, in MongoDB's words. */
export interface Need {
  readonly action: string;
  /** The collection; `null`: the database. */
  readonly collection: string | null;
  readonly strategies: readonly string[];
}

type Needed = Readonly<Record<string, readonly StrategyName[]>>;

const ALL: readonly StrategyName[] = [
  'completed_job_cleanup',
  'stale_reservation_cleanup',
  'stuck_job_cleanup',
  'old_job_cleanup',
];

const ALLOCATION_ACTIONS: Needed = {
  find: ALL,
  update: ['completed_job_cleanup', 'stale_reservation_cleanup', 'stuck_job_cleanup'],
  remove: ['old_job_cleanup'],
};

/**
 * What strategies do: the commands of the reads and writes, and `listCollections`, by which a store learns how texts are
 * compared. Transactions, `hello` and ending a session of one's own need no privilege.
 */
export function needsOf(
  { mapping, settings }: Pick<MongoContext, 'mapping' | 'settings'>,
  given: readonly StrategyName[],
  ownTables: boolean,
): Need[] {
  const { jobs, allocations, fenceField } = mapping;
  const updates: StrategyName[] = ['stale_reservation_cleanup', 'stuck_job_cleanup'];
  const jobActions: Needed = {
    find: ALL,
    // The fence is written by those that rely on a job and do not change it.
    update: fenceField === null ? updates : ['completed_job_cleanup', ...updates],
    remove: ['old_job_cleanup'],
  };
  const on = (collection: string, actions: Needed): Need[] =>
    Object.entries(actions).flatMap(([action, strategies]) => {
      const by = strategies.filter((strategy) => given.includes(strategy));
      return by.length === 0 ? [] : [{ action, collection, strategies: by }];
    });
  const own = (collection: string, actions: readonly string[]) =>
    actions.map((action): Need => ({ action, collection, strategies: given }));
  const { claims, history } = settings.ownTables;
  return [
    ...(given.length === 0 ? [] : [{ action: 'listCollections', collection: null, strategies: given }]),
    ...on(jobs.collection.collectionName, jobActions),
    ...(allocations === null ? [] : on(allocations.collection.collectionName, ALLOCATION_ACTIONS)),
    ...(ownTables ? [...own(claims, ['find', 'insert', 'update']), ...own(history, ['find', 'insert', 'remove'])] : []),
  ];
}
