import { type SchemaFinding, timesAhead } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import type { Transactions } from '../session/transactions.js';
import { isIndexed } from './indexes.js';

/** Times ahead of the server's clock, of those that an index has in order. */
export function aheadFindings(
  mongo: MongoContext,
  transactions: Transactions,
  { driver, context }: MongoCleanupRepository,
  findings: readonly SchemaFinding[],
  signal: AbortSignal | undefined,
): Promise<SchemaFinding[]> {
  return timesAhead(context, findings, (look) =>
    transactions.run(
      async (session) =>
        look(await driver.open(session, 'read'), ({ table, only, order }) => {
          const { collection } = mongo.mapping.collections.of(table);
          return isIndexed(mongo, collection, only === null ? order : [only.column, ...order]);
        }),
      { readOnly: true, signal },
    ),
  );
}
