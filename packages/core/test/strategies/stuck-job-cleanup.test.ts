import { describe, expect, it } from 'vitest';
import { presets, StuckJobCleanupStrategy, type StuckJobOptions } from '../../src/index.js';
import { aJob, aResult, calledOperations, mockRepository, recordingLogger, session, someJobs } from '../support.js';

function setUp(options: StuckJobOptions = {}) {
  const repository = mockRepository();
  const logger = recordingLogger();
  return { repository, logger, strategy: new StuckJobCleanupStrategy(repository, { logger, ...options }) };
}

describe('stuck_job_cleanup', () => {
  it('asks nothing before: its first page is the check', async () => {
    const { strategy, repository, logger } = setUp();
    expect(await strategy.before(session)).toBe(true);
    expect(calledOperations(repository)).toEqual([]);
    expect(logger.lines).toEqual([]);
  });

  it('finds jobs that run for more than 48 hours, or as chosen', async () => {
    const { strategy, repository } = setUp();
    await strategy.find(session, { limit: 5 });
    expect(repository.getStuckJobs).toHaveBeenCalledExactlyOnceWith(session, 48, { limit: 5, details: false });

    const chosen = setUp({ maxAgeHours: 6 });
    await chosen.strategy.find(session, { limit: 5 });
    expect(chosen.repository.getStuckJobs).toHaveBeenCalledExactlyOnceWith(session, 6, { limit: 5, details: false });
  });

  it.each([
    ['no', undefined, 'Marked as failed by the cleanup script: exceeded the maximum run time'],
    ['the en', presets.en, 'Marked as failed by the cleanup script: exceeded the maximum run time'],
    ['the zh-CN', presets['zh-CN'], '因超时由清理脚本标记为失败'],
  ])('with %s preset writes the reason in its language and the exit code -2:0', async (_preset, texts, message) => {
    const { strategy, repository } = setUp(texts && { texts });
    const rows = someJobs(2);
    expect(await strategy.cleanup(session, { rows })).toMatchObject({ itemsCleaned: 2, changed: rows });
    expect(repository.markJobsAsFailed).toHaveBeenCalledTimes(1);
    expect(repository.markJobsAsFailed.mock.calls[0]?.slice(0, 4)).toEqual([session, rows, message, '-2:0']);
  });

  it('fails first and releases second, and only what it failed', async () => {
    const { strategy, repository } = setUp();
    const failed = aJob({ id: '2', state: 'FAILED' });
    repository.markJobsAsFailed.mockResolvedValue([failed]);
    const result = await strategy.cleanup(session, { rows: someJobs(3) });
    expect(result).toMatchObject({ itemsCleaned: 1, changed: [failed] });
    expect(repository.releaseResourcesForJobs).toHaveBeenCalledTimes(1);
    expect(repository.releaseResourcesForJobs.mock.calls[0]?.slice(0, 2)).toEqual([session, [failed]]);
    expect(repository.markJobsAsFailed).toHaveBeenCalledBefore(repository.releaseResourcesForJobs);
  });

  it('warns of each', () => {
    const { strategy, logger } = setUp();
    strategy.announce([aJob({ id: '42', name: 'train' }), aJob({ id: '43', name: '' })]);
    expect(logger.lines).toEqual([
      'warn [stuck_job_cleanup] Stuck job 42 (train)',
      'warn [stuck_job_cleanup] Stuck job 43 ()',
    ]);
  });

  it('describes a job as it warns of it', () => {
    expect(setUp().strategy.describe(aJob({ id: '42', name: 'train' }))).toBe('Stuck job 42 (train)');
  });

  it('adds nothing after', async () => {
    const { strategy, logger } = setUp();
    await strategy.after(aResult({ itemsCleaned: 500 }));
    expect(logger.lines).toEqual([]);
  });
});
