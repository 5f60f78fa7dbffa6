import {
  ANSWER_SECONDS,
  type BoundsOptions,
  boundsOf,
  type CleanupStore,
  createService,
  ownTableSet,
  resolveSchema,
  supportedStrategies,
  transactionsOn,
} from '@jobsweep/core';
import type { Pool } from 'pg';
import { PgDriver } from './driver/pg-driver.js';
import { schemaFindings, serverInfo } from './inspect.js';
import { ownTables } from './own-tables.js';
import { PgCleanupRepository, type PgRepositoryOptions } from './pg-repository.js';
import type { PgTransaction } from './pg-transaction.js';
import { stepsOn } from './transactions.js';

/** Options of `pgStore`. */
export type PgStoreOptions = PgRepositoryOptions & BoundsOptions;

/**
 * A `CleanupStore` on the user's own pool. Opens nothing and asks nothing until it is used.
 *
 * Throws `INVALID_OPTION` for a number out of range, filters that make no sense, and an option that it does not know.
 *
 * @example
 * const store = pgStore(new Pool({ connectionString: process.env.PG_URL }));
 * const stuck = await store.transaction((session) => store.repository.getStuckJobs(session, 48));
 */
export function pgStore(pool: Pool, options: PgStoreOptions = {}): CleanupStore<PgTransaction> {
  const { filters: _filters, clock: _clock, ...others } = options;
  const bounds = boundsOf(others);
  const repository = new PgCleanupRepository(options);
  const { filters } = repository.context.mapped;
  const strategies = supportedStrategies({ schema: resolveSchema(), filters });
  const transaction = transactionsOn(stepsOn(pool), bounds);
  const look = <Found>(work: (session: PgTransaction) => Promise<Found>, signal: AbortSignal | undefined) =>
    transaction(work, { readOnly: true, signal });
  return {
    repository,
    capabilities: { strategies, transactions: true, skipsLocked: true, readFence: true },
    deadlineSeconds: bounds.statementTimeoutSeconds + ANSWER_SECONDS,
    inspect: {
      schema: (how) => look((session) => schemaFindings(session, filters), how?.signal),
      totals: (rule, how) => look((session) => repository.totals(session, rule, how), how?.signal),
      server: (how) => look(serverInfo, how?.signal),
    },
    ...createService({ driver: new PgDriver(undefined), transaction, tables: ownTableSet(), repository }),
    ownTables: ownTables(transaction),
    transaction,
  };
}
