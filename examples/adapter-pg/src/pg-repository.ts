import { type Clock, DriverRepository, type FilterOptions, invalidOption, resolveFilters } from '@jobsweep/core';
import { PgDriver } from './driver/pg-driver.js';
import type { PgTransaction } from './pg-transaction.js';

/** Options of `PgCleanupRepository`. The tables are `jobs` and `resource_allocations`, as the README shows them. */
export interface PgRepositoryOptions {
  /** Which jobs may be seen and touched, and how old they may get. Default: all jobs, and the strategies' limits. */
  readonly filters?: FilterOptions;
  /** Replaces the database's clock. For tests. */
  readonly clock?: Clock;
}

/** The port, for people who bring their own transactions: core has the rules and the write protocol, this the driver. */
export class PgCleanupRepository extends DriverRepository<PgTransaction> {
  constructor(options: PgRepositoryOptions = {}) {
    const filters = resolveFilters(options.filters);
    const { codec = 'instant' } = filters.ageColumn ?? {};
    if (codec !== 'instant') throw invalidOption('filters.ageColumn.codec', codec, 'leave it out: times are instants');
    super(new PgDriver(options.clock), { filters });
  }
}
