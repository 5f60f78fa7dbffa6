import type { AllocationWithJob } from '../model.js';
import type { PassResult } from '../pass/result.js';
import type { CleanupRepository, CountOptions, GetOptions, WriteOptions } from '../repository.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import type { Rule } from './rule.js';

/** Releases the resources that finished jobs still hold. */
export class CompletedJobCleanupStrategy<Session> extends BaseCleanupStrategy<Session, AllocationWithJob> {
  readonly rule: Rule = { name: 'completed_job_cleanup' };

  constructor(repository: CleanupRepository<Session>, options: StrategyOptions = {}) {
    super(definitions.completed_job_cleanup, repository, options);
  }

  find(session: Session, page: GetOptions<AllocationWithJob>) {
    return this.repository.getCompletedJobsWithUnreleasedResources(session, { ...page, details: false });
  }

  repair(session: Session, rows: readonly AllocationWithJob[], options: WriteOptions<AllocationWithJob>) {
    return this.repository.releaseResourcesForCompletedJobs(session, rows, options);
  }

  describe(row: AllocationWithJob, { samples } = this.texts) {
    return samples.completed(row);
  }

  dueSince({ job }: AllocationWithJob) {
    return job.endTime;
  }

  protected override count(session: Session, options: CountOptions) {
    return this.repository.countCompletedJobsWithUnreleasedResources(session, options);
  }

  protected override announceCount(count: number, shown: string) {
    if (count === 0) this.logger.debug(`[${this.name}] No completed jobs to clean, skipping`);
    else this.logger.debug(`[${this.name}] Found ${shown} completed jobs to clean`);
  }

  override after({ itemsCleaned }: PassResult) {
    if (itemsCleaned > 0) this.logger.info(`[${this.name}] Released resources for ${itemsCleaned} completed jobs`);
  }
}
