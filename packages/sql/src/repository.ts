import { DriverRepository } from '@jobsweep/core';
import type { SqlContext } from './context.js';

/** `CleanupRepository` on a SQL database, whatever library runs the statements. */
export class SqlCleanupRepository<Session extends object> extends DriverRepository<Session> {
  constructor({ driver, mapping }: SqlContext<Session>) {
    super(driver, mapping);
  }
}
