import { describe, expect, it } from 'vitest';
import { OldJobCleanupStrategy, type OldJobOptions, presets } from '../../src/index.js';
import { MemoryDatabase, memoryStore } from '../../src/memory/index.js';
import { aJob, aResult, calledOperations, mockRepository, recordingLogger, session, someJobs } from '../support.js';

function setUp(options: OldJobOptions = {}) {
  const repository = mockRepository();
  const logger = recordingLogger();
  return { repository, logger, strategy: new OldJobCleanupStrategy(repository, { logger, ...options }) };
}

describe('old_job_cleanup', () => {
  it('asks nothing before: its first page is the check', async () => {
    const { strategy, repository } = setUp();
    expect(await strategy.before(session)).toBe(true);
    expect(calledOperations(repository)).toEqual([]);
  });

  it('finds jobs that ended more than 30 days ago, or as chosen', async () => {
    const { strategy, repository } = setUp();
    await strategy.find(session, { limit: 5 });
    expect(repository.getOldJobs).toHaveBeenCalledExactlyOnceWith(session, 30, {
      limit: 5,
      deletableOnly: true,
      details: false,
    });

    const chosen = setUp({ maxAgeDays: 365 });
    await chosen.strategy.find(session, { limit: 5 });
    expect(chosen.repository.getOldJobs).toHaveBeenCalledExactlyOnceWith(session, 365, {
      limit: 5,
      deletableOnly: true,
      details: false,
    });
  });

  it('may look at no age: the newest stay by their number', async () => {
    const { strategy, repository } = setUp({ maxAgeDays: null });
    await strategy.find(session, { limit: 5 });
    expect(repository.getOldJobs.mock.calls[0]?.slice(0, 2)).toEqual([session, null]);
    expect(strategy.description).toBe('Deletes finished jobs beyond the newest that are kept');
    expect(setUp({ maxAgeDays: null, texts: presets['zh-CN'] }).strategy.description).toBe(
      '删除超出保留数量的已完成作业',
    );
    expect(strategy.dueSince(aJob())).toBe(null);
    const store = memoryStore(new MemoryDatabase());
    expect(() => new OldJobCleanupStrategy(store.repository, { maxAgeDays: null })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  it('deletes the page in one call', async () => {
    const { strategy, repository } = setUp();
    const rows = someJobs(3);
    expect(await strategy.cleanup(session, { rows })).toMatchObject({ itemsCleaned: 3, found: rows });
    expect(repository.deleteJobsBatch).toHaveBeenCalledTimes(1);
    expect(repository.deleteJobsBatch.mock.calls[0]?.slice(0, 2)).toEqual([session, rows]);
  });

  it('logs no row and no total', async () => {
    const { strategy, logger } = setUp();
    strategy.announce(someJobs(2));
    await strategy.after(aResult({ itemsCleaned: 500 }));
    expect(logger.lines).toEqual([]);
  });

  it('describes a job by state and end', () => {
    const { strategy } = setUp();
    const ended = aJob({ id: '42', state: 'COMPLETED', endTime: new Date('2023-12-01T06:30:00Z') });
    expect(strategy.describe(ended)).toBe('Job 42 (train) COMPLETED at 2023-12-01T06:30:00.000Z');
    expect(strategy.describe({ ...ended, endTime: null })).toBe('Job 42 (train) COMPLETED at an unset time');
  });
});
