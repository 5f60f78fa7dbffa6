import type { Job } from '../model.js';
import type { CleanupRepository, GetOptions, WriteOptions } from '../repository.js';
import { en } from '../texts/en.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { releaseSome, thenRelease } from './fail-and-release.js';
import { laterBy } from './later-by.js';
import type { RequeueOption } from './requeue.js';
import type { RuleOf } from './rule.js';

export interface StuckJobOptions<Session = unknown> extends StrategyOptions<Job, Session> {
  /** A job that has been RUNNING for longer than this is stuck. Default: 48. */
  readonly maxAgeHours?: number;
  /**
   * Only a job that has also shown no sign of life for so many minutes is stuck; needs `filters.ageColumn`. Default: where that
   * is mapped, `maxAgeHours` is the age of the last sign, and nothing else counts.
   */
  readonly silentMinutes?: number;
  /** Gives jobs back in place of failing them, while they have tries left; needs a sign of life. Default: they fail. */
  readonly requeue?: RequeueOption;
}

const EXIT_CODE = '-2:0';

/** Fails jobs that run for too long, and releases what they hold. */
export class StuckJobCleanupStrategy<Session> extends BaseCleanupStrategy<Session, Job> {
  readonly rule: RuleOf<'stuck_job_cleanup'>;

  constructor(repository: CleanupRepository<Session>, options: StuckJobOptions<NoInfer<Session>> = {}) {
    const { maxAgeHours = 48, silentMinutes, requeue } = options;
    const limits = { maxAgeHours, ...(silentMinutes !== undefined && { silentMinutes }) };
    super(definitions.stuck_job_cleanup, repository, options, limits);
    this.rule = this.checked({ name: 'stuck_job_cleanup', ...limits, ...(requeue && { requeue }) });
  }

  find(session: Session, page: GetOptions<Job>) {
    const { maxAgeHours, silentMinutes } = this.rule;
    const options = { ...page, details: false, ...(silentMinutes !== undefined && { silentMinutes }) };
    return this.repository.getStuckJobs(session, maxAgeHours, options);
  }

  repair(session: Session, jobs: readonly Job[], options: WriteOptions<Job>) {
    const { repository, rule, texts } = this;
    const failure = [texts.stuckJobError, EXIT_CODE] as const;
    return thenRelease(repository, session, options, (noting) =>
      rule.requeue === undefined
        ? repository.markJobsAsFailed(session, jobs, ...failure, noting)
        : repository.giveBackJobs(session, jobs, rule.requeue, ...failure, noting),
    );
  }

  async finish(session: Session, jobs: readonly Job[], { signal }: Pick<WriteOptions<Job>, 'signal'>) {
    const rest = new Set(await releaseSome(this.repository, session, jobs, { signal, mayLeave: true }));
    return jobs.filter(({ id }) => rest.has(id));
  }

  describe(job: Job, { samples } = this.texts) {
    return samples.stuck(job);
  }

  dueSince({ startTime }: Job) {
    return laterBy(startTime, this.rule.maxAgeHours * 3_600_000);
  }

  override announce(jobs: readonly Job[]) {
    for (const job of jobs) this.logger.warn(`[${this.name}] ${this.describe(job, en)}`);
  }
}
