import type { CleanupStore, Driver } from '@jobsweep/core';
import {
  MemoryCleanupRepository,
  MemoryDatabase,
  type MemorySession,
  type MemoryStoreOptions,
} from '@jobsweep/core/memory';
import type { ContractSubject } from '../../src/index.js';
import { memoryApplication, memoryOtherSide } from './application.js';
import { toMemory, toTables } from './columns.js';
import { memoryOwnTables } from './own-tables.js';
import { takingTurns, travelling } from './turns.js';

/** Longer than the suite lets a driver wait for a lock; one that waits where it should not fails soon. */
const LOCK_TIMEOUT_SECONDS = 1;

/** Makes the store that the suite is run against. */
export type StoreFactory = (database: MemoryDatabase, options?: MemoryStoreOptions) => CleanupStore<MemorySession>;

/** Makes the driver that the suite is run against, of the one in memory. */
export type DriverFactory = (driver: Driver<MemorySession>, database: MemoryDatabase) => Driver<MemorySession>;

/** The memory adapter, or a variant of it, as a subject of the suite. Rows are seeded and read past the adapter. */
export function memorySubject(
  name: string,
  store: StoreFactory,
  driverOf: DriverFactory = (driver) => driver,
): ContractSubject<MemorySession> {
  return {
    name,
    capabilities: { mapping: false, processes: false, caseless: false },
    interleavings: Number(process.env.INTERLEAVINGS ?? 1000),
    async open() {
      const database = new MemoryDatabase();
      const { driver, context } = new MemoryCleanupRepository(database);
      return {
        store: (options) => takingTurns(store(database, options)),
        async seed({ jobs = [], allocations = [] }) {
          const written = (columns: (typeof jobs)[number]) => ({ id: '', ...toMemory(database, columns) });
          await database.seed({ jobs: jobs.map(written), allocations: allocations.map(written) });
        },
        read: async () => toTables((table) => database.rows(table)),
        clear: () =>
          database.transaction(async (session) => {
            await session.delete('allocations', () => true);
            await session.delete('jobs', () => true);
          }),
        now: async () => database.now(),
        second: memoryOtherSide(database),
        own: memoryOwnTables(database),
        driven: {
          driver: driverOf(driver, database),
          mapped: context.mapped,
          transaction: (work) =>
            database.transaction((session) => work(travelling(session)), { lockTimeoutSeconds: LOCK_TIMEOUT_SECONDS }),
        },
        connect: async () => memoryApplication(database),
        close: async () => undefined,
      };
    },
  };
}
