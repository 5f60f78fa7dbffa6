import { ANSWER_SECONDS, type CleanupStore, type Clock, invalidOption, STRATEGY_NAMES } from '@jobsweep/core';
import type { Pool } from 'pg';
import { nowOf } from './ages.js';
import { schemaFindings } from './inspect.js';
import { claims } from './own/claims.js';
import { journal } from './own/journal.js';
import { ownTables } from './own/own-tables.js';
import { pgRepository } from './pg-repository.js';
import type { PgTransaction } from './pg-transaction.js';
import { server, totals } from './totals.js';
import { runTransaction } from './transactions.js';

/** Options of `pgStore`. The tables are `jobs` and `resource_allocations`, as the README shows them. */
export interface PgStoreOptions {
  /** A statement may take this long before the server cancels it. Default: 30. */
  readonly statementTimeoutSeconds?: number;
  /** A statement may wait this long for a lock. Default: 5. */
  readonly lockTimeoutSeconds?: number;
  /** A transaction may be idle this long before the server ends it. Default: 60. */
  readonly idleTimeoutSeconds?: number;
  /** How often a transaction is tried in all when it meets a deadlock, conflict or lock timeout. Default: 3. */
  readonly maxAttempts?: number;
  /** Replaces the database's clock. For tests. */
  readonly clock?: Clock;
}

const OPTIONS = ['statementTimeoutSeconds', 'lockTimeoutSeconds', 'idleTimeoutSeconds', 'maxAttempts', 'clock'];
const MAX_SECONDS = 86_400;

/**
 * A `CleanupStore` on the user's own pool. Opens nothing and asks nothing until it is used.
 *
 * Throws `INVALID_OPTION` for a number out of range and for an option that it does not know.
 *
 * @example
 * const store = pgStore(new Pool({ connectionString: process.env.PG_URL }));
 * const stuck = await store.transaction((session) => store.repository.getStuckJobs(session, 48));
 */
export function pgStore(pool: Pool, options: PgStoreOptions = {}): CleanupStore<PgTransaction> {
  const { clock, maxAttempts = 3, ...given } = options;
  const unknown = Object.entries(options).find(([name]) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw invalidOption(...unknown, `use ${OPTIONS.join(', ')}`);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 100) {
    throw invalidOption('maxAttempts', maxAttempts, 'give a whole number from 1 to 100');
  }
  const timeouts = { statementTimeoutSeconds: 30, lockTimeoutSeconds: 5, idleTimeoutSeconds: 60, ...given };
  for (const [field, value] of Object.entries(timeouts)) {
    if (value > 0 && value <= MAX_SECONDS) continue;
    throw invalidOption(field, value, `give seconds above 0 and at most ${MAX_SECONDS}`);
  }

  const transaction: CleanupStore<PgTransaction>['transaction'] = (work, how) =>
    runTransaction(pool, { ...timeouts, maxAttempts }, work, how);
  return {
    repository: pgRepository(clock),
    capabilities: { strategies: STRATEGY_NAMES, transactions: true, skipsLocked: true, readFence: true },
    deadlineSeconds: timeouts.statementTimeoutSeconds + ANSWER_SECONDS,
    inspect: {
      schema: ({ signal } = {}) => transaction(schemaFindings, { readOnly: true, signal }),
      totals: (rule, how) =>
        transaction((session) => totals(session, nowOf(clock), rule, how), { readOnly: true, signal: how?.signal }),
      server: ({ signal } = {}) => transaction(server, { readOnly: true, signal }),
    },
    claims: claims(transaction),
    journal: journal(transaction),
    ownTables: ownTables(transaction),
    transaction,
  };
}
