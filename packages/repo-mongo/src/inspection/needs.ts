import { type StrategyName, type TableUse, usesOf } from '@jobsweep/core';
import type { MongoContext } from '../context.js';

/** What has to be allowed, in MongoDB's words. */
export interface Need {
  readonly action: string;
  /** The collection; `null`: the database. */
  readonly collection: string | null;
  readonly strategies: readonly string[];
}

/**
 * What strategies do: the commands of the reads and writes, and `listCollections`, by which a store learns how texts are
 * compared. Transactions, `hello` and ending a session of one's own need no privilege.
 */
export function needsOf(
  { mapping, settings }: Pick<MongoContext, 'mapping' | 'settings'>,
  given: readonly StrategyName[],
  ownTables: boolean,
): Need[] {
  const { collections, mapped, fenceField } = mapping;
  const actions = (use: TableUse) => [
    'find',
    // The fence is written by those that rely on a job and do not change it.
    ...(use.writes.length > 0 || (use.reliesOn && fenceField !== null) ? ['update'] : []),
    ...(use.deletes ? ['remove'] : []),
  ];
  const uses = given.flatMap((strategy) => usesOf(mapped, strategy).map((use) => ({ strategy, use })));
  const needed = [mapped.jobs.rows, ...(mapped.hasAllocations ? [mapped.allocations.rows] : [])].flatMap((table) =>
    ['find', 'update', 'remove'].flatMap((action): Need[] => {
      const by = uses.filter(({ use }) => use.table === table && actions(use).includes(action));
      const strategies = by.map(({ strategy }) => strategy);
      return by.length === 0
        ? []
        : [{ action, collection: collections.of(table).collection.collectionName, strategies }];
    }),
  );
  const own = (collection: string, actions: readonly string[]) =>
    actions.map((action): Need => ({ action, collection, strategies: given }));
  const { claims, history } = settings.ownTables;
  return [
    ...(given.length === 0 ? [] : [{ action: 'listCollections', collection: null, strategies: given }]),
    ...needed,
    ...(ownTables
      ? [...own(claims.name, ['find', 'insert', 'update']), ...own(history.name, ['find', 'insert', 'remove'])]
      : []),
  ];
}
