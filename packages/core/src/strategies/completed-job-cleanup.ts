import type { AllocationWithJob } from '../model.js';
import type { PassResult } from '../pass/result.js';
import type { CleanupRepository, CountOptions, GetOptions, Settling, WriteOptions } from '../repository.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { laterBy } from './later-by.js';
import type { Rule } from './rule.js';

export interface CompletedJobOptions<Session = unknown> extends StrategyOptions<AllocationWithJob, Session> {
  /**
   * How long a finished job keeps what it holds, so that a scheduler's own teardown is over. Above 0 a job without an end keeps
   * it. Default: 0.
   */
  readonly settleSeconds?: number;
}

/** Releases the resources that finished jobs still hold. */
export class CompletedJobCleanupStrategy<Session> extends BaseCleanupStrategy<Session, AllocationWithJob> {
  readonly rule: Rule;
  private readonly settling: Settling;

  constructor(
    repository: CleanupRepository<Session>,
    { settleSeconds = 0, ...options }: CompletedJobOptions<NoInfer<Session>> = {},
  ) {
    super(definitions.completed_job_cleanup, repository, options);
    this.settling = settleSeconds === 0 ? {} : { settleSeconds };
    this.rule = this.checked({ name: 'completed_job_cleanup', ...this.settling });
  }

  find(session: Session, page: GetOptions<AllocationWithJob>) {
    const options = { ...page, ...this.settling, details: false };
    return this.repository.getCompletedJobsWithUnreleasedResources(session, options);
  }

  repair(session: Session, rows: readonly AllocationWithJob[], options: WriteOptions<AllocationWithJob>) {
    return this.repository.releaseResourcesForCompletedJobs(session, rows, { ...options, ...this.settling });
  }

  describe(row: AllocationWithJob, { samples } = this.texts) {
    return samples.completed(row);
  }

  dueSince({ job }: AllocationWithJob) {
    return laterBy(job.endTime, (this.settling.settleSeconds ?? 0) * 1000);
  }

  protected override count(session: Session, options: CountOptions) {
    return this.repository.countCompletedJobsWithUnreleasedResources(session, { ...options, ...this.settling });
  }

  protected override announceCount(count: number, shown: string) {
    if (count === 0) this.logger.debug(`[${this.name}] No completed jobs to clean, skipping`);
    else this.logger.debug(`[${this.name}] Found ${shown} completed jobs to clean`);
  }

  override after({ itemsCleaned }: PassResult) {
    if (itemsCleaned > 0) this.logger.info(`[${this.name}] Released resources for ${itemsCleaned} completed jobs`);
  }
}
