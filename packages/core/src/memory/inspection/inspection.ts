import { throwIfAborted } from '../../errors.js';
import type { StoreInspection } from '../../inspection/inspection.js';
import type { DriverRepository } from '../../repository/driver-repository.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { MemorySession } from '../engine/session.js';
import { toDate } from '../engine/times.js';

/** A look at the database in memory. There is nothing to map, so nothing is mapped wrong. */
export function memoryInspection(
  database: MemoryDatabase,
  repository: DriverRepository<MemorySession>,
): StoreInspection {
  return {
    schema: async () => [],
    totals: (rule, options) =>
      database.transaction((session) => repository.totals(session, rule, options), { readOnly: true }),
    async server({ signal } = {}) {
      throwIfAborted(signal);
      return { product: 'memory', version: '1', now: toDate(database.now()), timeZone: 'UTC', isWritable: true };
    },
  };
}
