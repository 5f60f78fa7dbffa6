import type { Job } from '../model.js';
import type { CleanupRepository, GetOptions, WriteOptions } from '../repository.js';
import { en } from '../texts/en.js';
import { BaseCleanupStrategy, type StrategyOptions } from './base.js';
import { definitions } from './definitions.js';
import { laterBy } from './later-by.js';
import type { Rule } from './rule.js';

export interface OldJobOptions<Session = unknown> extends StrategyOptions<Job, Session> {
  /**
   * A finished job that ended longer ago than this is deleted. `null`: whatever its age, each that `filters.keepNewest` does not
   * keep. Default: 30.
   */
  readonly maxAgeDays?: number | null;
}

/** Deletes finished jobs past their age. Off by default. */
export class OldJobCleanupStrategy<Session> extends BaseCleanupStrategy<Session, Job> {
  readonly rule: Rule;
  private readonly maxAgeDays: number | null;

  constructor(repository: CleanupRepository<Session>, options: OldJobOptions<NoInfer<Session>> = {}) {
    const { maxAgeDays = 30 } = options;
    const definition = definitions.old_job_cleanup;
    if (maxAgeDays !== null) super(definition, repository, options, { maxAgeDays });
    else super({ ...definition, description: (options.texts ?? en).purgeByNumber }, repository, options);
    this.rule = this.checked({ name: 'old_job_cleanup', maxAgeDays });
    this.maxAgeDays = maxAgeDays;
  }

  find(session: Session, page: GetOptions<Job>) {
    return this.repository.getOldJobs(session, this.maxAgeDays, { ...page, deletableOnly: true, details: false });
  }

  repair(session: Session, jobs: readonly Job[], options: WriteOptions<Job>) {
    return this.repository.deleteJobsBatch(session, jobs, options);
  }

  describe(job: Job, { samples } = this.texts) {
    return samples.old(job);
  }

  dueSince({ endTime }: Job) {
    return this.maxAgeDays === null ? null : laterBy(endTime, this.maxAgeDays * 86_400_000);
  }
}
