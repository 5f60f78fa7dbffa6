import type { ResourceAllocation } from '../model.js';
import type { CleanupRepository, GetOptions, WriteOptions } from '../repository.js';
import { en } from '../texts/en.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { laterBy } from './later-by.js';
import type { Rule } from './rule.js';

export interface OrphanedAllocationOptions<Session = unknown> extends StrategyOptions<ResourceAllocation, Session> {
  /** A younger allocation is left alone: its job may not be committed yet. Default: 60. */
  readonly maxAgeMinutes?: number;
}

/** Releases allocations whose job no longer exists. Off by default. */
export class OrphanedAllocationCleanupStrategy<Session> extends BaseCleanupStrategy<Session, ResourceAllocation> {
  readonly rule: Rule;
  private readonly maxAgeMinutes: number;

  constructor(repository: CleanupRepository<Session>, options: OrphanedAllocationOptions<NoInfer<Session>> = {}) {
    const { maxAgeMinutes = 60 } = options;
    super(definitions.orphaned_allocation_cleanup, repository, options, { maxAgeMinutes });
    this.rule = { name: 'orphaned_allocation_cleanup', maxAgeMinutes };
    this.maxAgeMinutes = maxAgeMinutes;
  }

  find(session: Session, page: GetOptions<ResourceAllocation>) {
    return this.repository.getOrphanedAllocations(session, this.maxAgeMinutes, page);
  }

  repair(session: Session, rows: readonly ResourceAllocation[], options: WriteOptions<ResourceAllocation>) {
    return this.repository.releaseOrphanedAllocations(session, rows, options);
  }

  describe(row: ResourceAllocation, { samples } = this.texts) {
    return samples.orphaned(row);
  }

  dueSince({ allocationTime }: ResourceAllocation) {
    return laterBy(allocationTime, this.maxAgeMinutes * 60_000);
  }

  override announce(rows: readonly ResourceAllocation[]) {
    for (const row of rows) this.logger.info(`[${this.name}] ${this.describe(row, en)}`);
  }
}
