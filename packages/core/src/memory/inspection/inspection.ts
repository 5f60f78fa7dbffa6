import { throwIfAborted } from '../../errors.js';
import type { StoreInspection } from '../../inspection/inspection.js';
import type { Context } from '../context.js';
import type { MemoryDatabase } from '../engine/database.js';
import { toDate } from '../engine/times.js';
import { totalsOf } from './totals.js';

/** A look at the database in memory. There is nothing to map, so nothing is mapped wrong. */
export function memoryInspection(database: MemoryDatabase, context: Context): StoreInspection {
  return {
    schema: async () => [],
    totals: (rule, options) =>
      database.transaction((session) => session.select((view) => totalsOf(context, view, rule, options)), {
        readOnly: true,
      }),
    async server({ signal } = {}) {
      throwIfAborted(signal);
      return { product: 'memory', version: '1', now: toDate(database.now()), timeZone: 'UTC', isWritable: true };
    },
  };
}
