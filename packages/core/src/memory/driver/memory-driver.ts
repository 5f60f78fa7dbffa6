import type { Clock } from '../../clock.js';
import type { Driver } from '../../driver/driver.js';
import { microsOf } from '../../driver/exact.js';
import { JobsweepError } from '../../errors.js';
import { resolveSchema, type Schema } from '../../schema/resolve.js';
import type { MemoryDatabase } from '../engine/database.js';
import type { OwnTableName } from '../engine/rows.js';
import type { MemorySession } from '../engine/session.js';
import { toMicros } from '../engine/times.js';
import { requireOpen } from '../open.js';
import { MemoryTx } from './memory-tx.js';

/** The driver of tables in memory. */
export function memoryDriver(database: MemoryDatabase, clock: Clock | undefined): Driver<MemorySession> {
  return {
    async open(session) {
      requireOpen(session);
      const now = clock === undefined ? toMicros(database.now()) : microsOf(clock.now());
      return new MemoryTx(session, now, database);
    },
    async requireTable({ name }) {
      if (database.hasTable(name as OwnTableName)) return;
      throw new JobsweepError('SCHEMA_MISMATCH', `There is no table ${name}. Make it, or set its name.`);
    },
    translate: (error) => error,
  };
}

/** The tables in memory as a mapping, of which there is one. */
export function memorySchema(archive = false): Schema {
  return resolveSchema({
    archive,
    jobs: {
      columns: {
        ...{ createdTime: 'createdTime', startTime: 'startTime', endTime: 'endTime' },
        ...{ errorMsg: 'errorMsg', exitCode: 'exitCode' },
      },
    },
    allocations: {
      table: 'allocations',
      columns: { jobId: 'jobId', allocationTime: 'allocationTime', releasedTime: 'releasedTime' },
    },
  });
}
