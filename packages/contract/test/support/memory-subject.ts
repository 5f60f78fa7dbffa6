import {
  MemoryCleanupRepository,
  MemoryDatabase,
  type MemorySession,
  memoryStore,
  type Rows,
} from '@jobsweep/core/memory';
import type { ContractSubject, TableName } from '../../src/index.js';
import { memoryApplication, memoryOtherSide } from './application.js';
import { Words } from './columns.js';
import { memoryOwnTables } from './own-tables.js';
import { takingTurns, travelling } from './turns.js';

/** Longer than the suite lets a driver wait for a lock; one that waits where it should not fails soon. */
const LOCK_TIMEOUT_SECONDS = 1;

/** The memory adapter as a subject of the suite. Rows are seeded and read past the adapter. */
export function memorySubject(name: string): ContractSubject<MemorySession> {
  return {
    name,
    capabilities: { mapping: false, createdTime: true, archive: true, processes: false, caseless: false },
    interleavings: Number(process.env.INTERLEAVINGS ?? 1000),
    async open({ schema } = {}) {
      const database = new MemoryDatabase();
      const words = new Words(database, schema === undefined ? 'heartbeat' : 'createdTime');
      // Its rows have the columns of those that they are kept of.
      const archived = <Name extends TableName>(table: Name) =>
        database.rows(`${table}_archive`) as readonly Rows[TableName][] as readonly Rows[Name][];
      const { driver, context } = new MemoryCleanupRepository(database, { archive: true });
      return {
        store: (options, parts) => takingTurns(memoryStore(database, options, parts)),
        async seed({ jobs = [], allocations = [] }) {
          const written = (columns: (typeof jobs)[number]) => ({ id: '', ...words.toMemory(columns) });
          await database.seed({ jobs: jobs.map(written), allocations: allocations.map(written) });
        },
        read: async () => words.toTables((table) => database.rows(table)),
        archive: { read: async () => words.toTables(archived) },
        clear: () =>
          database.transaction(async (session) => {
            await session.delete('allocations', () => true);
            await session.delete('jobs', () => true);
            await session.delete('allocations_archive', () => true);
            await session.delete('jobs_archive', () => true);
          }),
        now: async () => database.now(),
        second: memoryOtherSide(words),
        own: memoryOwnTables(database),
        driven: {
          driver,
          mapped: context.mapped,
          transaction: (work) =>
            database.transaction((session) => work(travelling(session)), { lockTimeoutSeconds: LOCK_TIMEOUT_SECONDS }),
        },
        connect: async () => memoryApplication(words),
        close: async () => undefined,
      };
    },
  };
}
