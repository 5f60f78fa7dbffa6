import type { StoreInspection } from '@jobsweep/core';
import type { MongoCleanupRepository } from '../mongo-cleanup-repository.js';
import type { OwnCollections } from '../service/own-collections.js';
import { diagnosis } from './diagnosis.js';
import { schemaFindings } from './schema.js';
import { serverInfo } from './server.js';

/** Looks at the collections of a store, in read-only transactions of its own. */
export function inspection(own: OwnCollections, repository: MongoCleanupRepository): StoreInspection {
  const { context, transactions } = own;
  return {
    schema: ({ signal } = {}) => schemaFindings(context, signal),
    totals: (rule, options = {}) =>
      transactions.run((session) => repository.totals(session, rule, options), {
        readOnly: true,
        signal: options.signal,
      }),
    diagnosis: diagnosis(own, repository),
    server: ({ signal } = {}) => serverInfo(context, signal),
  };
}
