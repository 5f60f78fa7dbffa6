import { driverArchive } from '../archive/driver-archive.js';
import { ANSWER_SECONDS } from '../deadline.js';
import { ownTableSet } from '../service/own-names.js';
import { createService } from '../service/service.js';
import type { CleanupStore } from '../store.js';
import type { StoreParts } from '../store-parts.js';
import { STRATEGY_NAMES } from '../strategies/names.js';
import type { RunTransaction } from '../transactions-on.js';
import { memoryDriver } from './driver/memory-driver.js';
import type { MemoryDatabase } from './engine/database.js';
import type { MemorySession } from './engine/session.js';
import { memoryInspection } from './inspection/inspection.js';
import { type MemoryStoreOptions, transactionSettings } from './options.js';
import { memoryOwnTables } from './own-tables.js';
import { MemoryCleanupRepository } from './repository.js';
import { inTransaction } from './transactions.js';

/**
 * A store on two tables in memory, for tests of strategies and of whatever drives them. It keeps every promise of the
 * port that a real database keeps, locks and transactions included; there is no mapping, and nothing outlives the
 * process.
 *
 * Throws `INVALID_OPTION` for a number out of its range, a filter that means nothing, or the option `schema`.
 *
 * @param parts that differ from the standard: for tests that prove that a rule is tested.
 *
 * @example
 * const database = new MemoryDatabase();
 * await database.seed({ jobs: [{ id: '1', state: 'RUNNING', startTime: '2026-01-01T00:00:00Z' }] });
 * const store = memoryStore(database);
 * await runPass(store, new StuckJobCleanupStrategy(store.repository));
 * console.log(database.rows('jobs')[0]?.state); // FAILED
 */
export function memoryStore(
  database: MemoryDatabase,
  options: MemoryStoreOptions = {},
  parts: StoreParts = {},
): CleanupStore<MemorySession> {
  const settings = transactionSettings(options);
  const repository = new MemoryCleanupRepository(database, options, parts.operations);
  const transaction: RunTransaction<MemorySession> = (work, how, own) =>
    inTransaction(database, { ...settings, ...own }, work, how);
  return {
    repository,
    capabilities: { strategies: STRATEGY_NAMES, transactions: true, skipsLocked: true, readFence: true },
    // Nothing here takes longer than waiting for a lock.
    deadlineSeconds: settings.lockTimeoutSeconds + ANSWER_SECONDS,
    inspect: memoryInspection(database, repository),
    ownTables: memoryOwnTables(database),
    archive: driverArchive(repository, { ddl: async () => [], create: async () => [] }),
    transaction,
    ...createService({
      driver: memoryDriver(database, undefined),
      transaction,
      tables: ownTableSet(),
      repository,
      ...parts.turns,
    }),
  };
}
