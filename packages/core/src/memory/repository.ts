import type { ContextParts } from '../protocol/context.js';
import { DriverRepository } from '../repository/driver-repository.js';
import { memoryDriver, memorySchema } from './driver/memory-driver.js';
import type { MemoryDatabase } from './engine/database.js';
import type { MemorySession } from './engine/session.js';
import { filtersOf } from './filters.js';
import type { MemoryStoreOptions } from './options.js';

/** `CleanupRepository` on tables in memory, for people who bring their own transactions: `database.begin()`. */
export class MemoryCleanupRepository extends DriverRepository<MemorySession> {
  /** @param parts of the rules that differ from the standard: for tests that prove that a rule is tested. */
  constructor(
    database: MemoryDatabase,
    { filters, clock, archive }: Pick<MemoryStoreOptions, 'filters' | 'clock' | 'archive'> = {},
    parts?: Partial<ContextParts>,
  ) {
    super(memoryDriver(database, clock), { schema: memorySchema(archive), filters: filtersOf(filters) }, parts);
  }
}
