import type { Clock } from '../../clock.js';
import type { Driver } from '../../driver/driver.js';
import { microsOf } from '../../driver/exact.js';
import { resolveSchema, type Schema } from '../../schema/resolve.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { MemorySession } from '../engine/session.js';
import { toMicros } from '../engine/times.js';
import { requireOpen } from '../open.js';
import { MemoryTx } from './memory-tx.js';

/** The driver of tables in memory. */
export function memoryDriver(database: MemoryDatabase, clock: Clock | undefined): Driver<MemorySession> {
  return {
    async open(session) {
      requireOpen(session);
      return new MemoryTx(session, clock === undefined ? toMicros(database.now()) : microsOf(clock.now()));
    },
    translate: (error) => error,
  };
}

/** The tables in memory as a mapping, of which there is one. */
export function memorySchema(): Schema {
  return resolveSchema({
    jobs: {
      columns: { startTime: 'startTime', endTime: 'endTime', errorMsg: 'errorMsg', exitCode: 'exitCode' },
    },
    allocations: {
      table: 'allocations',
      columns: { jobId: 'jobId', allocationTime: 'allocationTime', releasedTime: 'releasedTime' },
    },
  });
}
