import { type ContextParts, DriverRepository } from '@jobsweep/core';
import type { SqlContext } from './context.js';

/** `CleanupRepository` on a SQL database, whatever library runs the statements. */
export class SqlCleanupRepository<Session extends object> extends DriverRepository<Session> {
  /** @param parts that differ from the standard: for tests that prove that a rule is tested. */
  constructor({ driver, mapping }: SqlContext<Session>, parts?: Partial<ContextParts>) {
    super(driver, mapping, parts);
  }
}
