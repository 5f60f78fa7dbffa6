import { describe, expect, it, vi } from 'vitest';
import {
  BaseCleanupStrategy,
  type CleanupOptions,
  type CleanupRepository,
  type CleanupResult,
  type GetOptions,
  type Job,
  OldJobCleanupStrategy,
  type PassResult,
  runPass,
  type StrategyDefinition,
  StuckJobCleanupStrategy,
  type WriteOptions,
} from '../../src/index.js';
import { type FakeSession, FakeStore } from '../fakes.js';
import { errorWith, mockRepository, recordingLogger, someJobs } from '../support.js';

const metadata = { priority: 9, dependsOn: [], tags: [], timeoutSeconds: 10, enabledByDefault: true };
const endless: StrategyDefinition = {
  name: 'endless_jobs',
  description: 'Fails jobs that run for over {days} days',
  intervalSeconds: 60,
  metadata,
};

class EndlessJobs<Session> extends BaseCleanupStrategy<Session, Job> {
  constructor(repository: CleanupRepository<Session>, definition = endless) {
    super(definition, repository, {}, { days: 30 });
  }
  find(session: Session, page: GetOptions<Job>) {
    return this.repository.getStuckJobs(session, 24 * 30, page);
  }
  repair(session: Session, jobs: readonly Job[], options: WriteOptions<Job>) {
    return this.repository.markJobsAsFailed(session, jobs, 'Ran for a month', '-9:0', options);
  }
  describe(job: Job) {
    return `Job ${job.id} is endless`;
  }
}

describe('a strategy of the user', () => {
  it('needs find, repair and describe alone', async () => {
    const repository = mockRepository();
    const rows = someJobs(2);
    repository.getStuckJobs.mockResolvedValue(rows);
    const strategy = new EndlessJobs(repository);
    expect(strategy).toMatchObject({
      name: 'endless_jobs',
      description: 'Fails jobs that run for over 30 days',
      enabled: undefined,
    });
    expect(await runPass(new FakeStore(), strategy)).toMatchObject({ name: 'endless_jobs', itemsCleaned: 2 });
    expect(repository.markJobsAsFailed.mock.calls[0]?.slice(1, 4)).toEqual([rows, 'Ran for a month', '-9:0']);
  });

  it('may take over one of the four names, and its description', () => {
    const strategy = new EndlessJobs(mockRepository(), {
      name: 'completed_job_cleanup',
      intervalSeconds: 60,
      metadata,
    });
    expect(strategy.description).toBe('Releases resources still held by finished jobs');
  });

  it('is told when it has no description', () => {
    const construct = () => new EndlessJobs(mockRepository(), { name: 'endless_jobs', intervalSeconds: 60, metadata });
    expect(construct).toThrow(
      errorWith(
        'INVALID_OPTION',
        'endless_jobs.description is undefined: give a text, since the preset has none of this name.',
      ),
    );
  });
});

describe('an overridden hook is honoured:', () => {
  it('before', async () => {
    class OnSundays extends OldJobCleanupStrategy<FakeSession> {
      override before() {
        return Promise.resolve(false);
      }
    }
    const repository = mockRepository();
    expect(await runPass(new FakeStore(), new OnSundays(repository))).toMatchObject({ status: 'skipped' });
    expect(repository.getOldJobs).not.toHaveBeenCalled();
  });

  it('cleanup', async () => {
    class Archived extends OldJobCleanupStrategy<FakeSession> {
      readonly archived: string[] = [];
      override async cleanup(session: FakeSession, options: CleanupOptions<Job> = {}): Promise<CleanupResult<Job>> {
        this.archived.push(...(options.rows ?? []).map((row) => row.id));
        return super.cleanup(session, options);
      }
    }
    const repository = mockRepository();
    repository.getOldJobs.mockResolvedValue(someJobs(2));
    const strategy = new Archived(repository);
    expect(await runPass(new FakeStore(), strategy)).toMatchObject({ itemsCleaned: 2 });
    expect(strategy.archived).toEqual(['1', '2']);
  });

  it('after, which gets the result and may take its time', async () => {
    const seen: PassResult[] = [];
    class Reported extends OldJobCleanupStrategy<FakeSession> {
      override async after(result: PassResult) {
        await Promise.resolve();
        seen.push(result);
      }
    }
    const repository = mockRepository();
    repository.getOldJobs.mockResolvedValue(someJobs(2));
    const result = await runPass(new FakeStore(), new Reported(repository));
    expect(seen).toEqual([result]);
  });

  it('find, repair and describe', async () => {
    const notify = vi.fn();
    class Careful extends StuckJobCleanupStrategy<FakeSession> {
      override async find(session: FakeSession, page: GetOptions<Job>) {
        return (await super.find(session, page)).filter((job) => job.id !== '2');
      }
      override async repair(session: FakeSession, jobs: readonly Job[], options: WriteOptions<Job>) {
        notify(jobs.length);
        return super.repair(session, jobs, options);
      }
      override describe(job: Job) {
        return `Careful with ${job.id}`;
      }
    }
    const repository = mockRepository();
    const logger = recordingLogger();
    repository.getStuckJobs.mockResolvedValue(someJobs(3));
    expect(await runPass(new FakeStore(), new Careful(repository, { logger }))).toMatchObject({ itemsCleaned: 2 });
    expect(notify).toHaveBeenCalledExactlyOnceWith(2);
    expect(logger.lines).toEqual([
      'warn [stuck_job_cleanup] Careful with 1',
      'warn [stuck_job_cleanup] Careful with 3',
    ]);
  });
});
