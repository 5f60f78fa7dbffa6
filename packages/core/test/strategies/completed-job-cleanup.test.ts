import { describe, expect, it } from 'vitest';
import { CompletedJobCleanupStrategy } from '../../src/index.js';
import { aJob, anAllocation, aResult, mockRepository, recordingLogger, session } from '../support.js';

function setUp() {
  const repository = mockRepository();
  const logger = recordingLogger();
  return { repository, logger, strategy: new CompletedJobCleanupStrategy(repository, { logger }) };
}

describe('completed_job_cleanup', () => {
  it('skips when no finished job holds anything', async () => {
    const { strategy, repository, logger } = setUp();
    expect(await strategy.before(session)).toBe(false);
    expect(repository.countCompletedJobsWithUnreleasedResources).toHaveBeenCalledExactlyOnceWith(session, {
      atMost: 10_000,
    });
    expect(logger.lines).toEqual(['debug [completed_job_cleanup] No completed jobs to clean, skipping']);
  });

  it('says how many it found', async () => {
    const { strategy, repository, logger } = setUp();
    repository.countCompletedJobsWithUnreleasedResources.mockResolvedValue(3);
    expect(await strategy.before(session)).toBe(true);
    expect(logger.lines).toEqual(['debug [completed_job_cleanup] Found 3 completed jobs to clean']);
  });

  it('finds a page of allocations', async () => {
    const { strategy, repository } = setUp();
    const rows = [anAllocation()];
    repository.getCompletedJobsWithUnreleasedResources.mockResolvedValue(rows);
    const page = { limit: 50, after: anAllocation({ id: 'a0' }) };
    expect(await strategy.find(session, page)).toBe(rows);
    const asked = { ...page, details: false };
    expect(repository.getCompletedJobsWithUnreleasedResources).toHaveBeenCalledExactlyOnceWith(session, asked);
  });

  it('releases the page in one call', async () => {
    const { strategy, repository } = setUp();
    const rows = [anAllocation({ id: 'a1' }), anAllocation({ id: 'a2' })];
    expect(await strategy.cleanup(session, { rows })).toMatchObject({ itemsCleaned: 2, found: rows });
    expect(repository.releaseResourcesForCompletedJobs).toHaveBeenCalledTimes(1);
    expect(repository.releaseResourcesForCompletedJobs.mock.calls[0]?.slice(0, 2)).toEqual([session, rows]);
  });

  it('says how many it released, and nothing when it was none', () => {
    const { strategy, logger } = setUp();
    strategy.after(aResult({ itemsCleaned: 0 }));
    expect(logger.lines).toEqual([]);
    strategy.after(aResult({ itemsCleaned: 1 }));
    expect(logger.lines).toEqual(['info [completed_job_cleanup] Released resources for 1 completed jobs']);
  });

  it('describes a leak by job, state and allocation', () => {
    const row = anAllocation({ id: 'a7', jobId: '42', job: aJob({ id: '42', state: 'CANCELLED' }) });
    expect(setUp().strategy.describe(row)).toBe('Job 42 is CANCELLED and still holds allocation a7');
  });
});
