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
        look(await driver.open(session, 'read'), async ({ table, only, time }) => {
          const mapped = mongo.mapping[table];
          return mapped !== null && isIndexed(mongo, mapped.collection, only === null ? [time] : [only.column, time]);
        }),
      { readOnly: true, signal },
    ),
  );
}
