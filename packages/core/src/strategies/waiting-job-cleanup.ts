import type { Job } from '../model.js';
import type { CleanupRepository, GetOptions, WriteOptions } from '../repository.js';
import { en } from '../texts/en.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { releaseSome, thenRelease } from './fail-and-release.js';
import type { RequeueOption } from './requeue.js';
import type { RuleOf } from './rule.js';

export interface WaitingJobOptions<Session = unknown> extends StrategyOptions<Job, Session> {
  /** A job that was queued longer ago than this and never has started is failed. Default: 7. */
  readonly maxAgeDays?: number;
  /**
   * Queues jobs anew in place of failing them, while they have tries left; what is written for PENDING has to renew `createdTime`.
   * Default: they fail.
   */
  readonly requeue?: RequeueOption;
}

/** Fails jobs that were never started, and releases what they hold. Off by default; needs `createdTime`. */
export class WaitingJobCleanupStrategy<Session> extends BaseCleanupStrategy<Session, Job> {
  readonly rule: RuleOf<'waiting_job_cleanup'>;

  constructor(repository: CleanupRepository<Session>, options: WaitingJobOptions<NoInfer<Session>> = {}) {
    const { maxAgeDays = 7, requeue } = options;
    super(definitions.waiting_job_cleanup, repository, options, { maxAgeDays });
    this.rule = this.checked({ name: 'waiting_job_cleanup', maxAgeDays, ...(requeue && { requeue }) });
  }

  find(session: Session, page: GetOptions<Job>) {
    return this.repository.getWaitingJobs(session, this.rule.maxAgeDays, { ...page, details: false });
  }

  repair(session: Session, jobs: readonly Job[], options: WriteOptions<Job>) {
    const { repository, rule, texts } = this;
    return thenRelease(repository, session, options, (noting) =>
      repository.failWaitingJobs(session, jobs, texts.waitingJobError, { ...noting, requeue: rule.requeue }),
    );
  }

  async finish(session: Session, jobs: readonly Job[], { signal }: Pick<WriteOptions<Job>, 'signal'>) {
    const rest = new Set(await releaseSome(this.repository, session, jobs, { signal, mayLeave: true }));
    return jobs.filter(({ id }) => rest.has(id));
  }

  describe(job: Job, { samples } = this.texts) {
    return samples.waiting(job);
  }

  override announce(jobs: readonly Job[]) {
    for (const job of jobs) this.logger.warn(`[${this.name}] ${this.describe(job, en)}`);
  }
}
