import type { StoreInspection } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import type { Transactions } from '../session/transactions.js';
import { diagnosis } from './diagnosis.js';
import { schemaFindings } from './schema.js';
import { serverInfo } from './server.js';
import { aheadFindings } from './times-ahead.js';

/** Looks at the collections of a store, in read-only transactions of its own. */
export function inspection(
  context: MongoContext,
  transactions: Transactions,
  repository: MongoCleanupRepository,
): StoreInspection {
  return {
    async schema({ signal } = {}) {
      const findings = await schemaFindings(context, signal);
      return [...findings, ...(await aheadFindings(context, transactions, repository, findings, signal))];
    },
    totals: (rule, options = {}) =>
      transactions.run((session) => repository.totals(session, rule, options), {
        readOnly: true,
        signal: options.signal,
      }),
    diagnosis: diagnosis(context, transactions, repository),
    server: ({ signal } = {}) => serverInfo(context, signal),
  };
}
