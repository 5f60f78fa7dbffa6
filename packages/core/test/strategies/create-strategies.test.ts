import { describe, expect, it } from 'vitest';
import {
  CompletedJobCleanupStrategy,
  type CreateStrategiesOptions,
  createStrategies,
  OldJobCleanupStrategy,
  OrphanedAllocationCleanupStrategy,
  presets,
  STRATEGY_NAMES,
  StaleReservationCleanupStrategy,
  type StrategyName,
  StuckJobCleanupStrategy,
  WaitingJobCleanupStrategy,
} from '../../src/index.js';
import { anAllocation, clock, errorWith, mockRepository, recordingLogger, session } from '../support.js';

function create(options: CreateStrategiesOptions = {}, strategies: readonly StrategyName[] = STRATEGY_NAMES) {
  const repository = mockRepository();
  return { repository, strategies: createStrategies({ repository, capabilities: { strategies } }, options) };
}

describe('createStrategies', () => {
  it('makes all of them, by priority', () => {
    const { strategies } = create();
    expect(strategies.map((strategy) => strategy.constructor)).toEqual([
      CompletedJobCleanupStrategy,
      StaleReservationCleanupStrategy,
      StuckJobCleanupStrategy,
      OldJobCleanupStrategy,
      OrphanedAllocationCleanupStrategy,
      WaitingJobCleanupStrategy,
    ]);
    expect(strategies.map((strategy) => strategy.metadata.priority)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('makes only those that the tables of the store allow', () => {
    const { strategies } = create({}, ['stuck_job_cleanup', 'old_job_cleanup']);
    expect(strategies.map((strategy) => strategy.name)).toEqual(['stuck_job_cleanup', 'old_job_cleanup']);
  });

  it('gives them the repository of the store', async () => {
    const { repository, strategies } = create();
    for (const strategy of strategies) await strategy.find(session, {});
    expect(repository.getCompletedJobsWithUnreleasedResources).toHaveBeenCalledTimes(1);
    expect(repository.getStaleReservations).toHaveBeenCalledTimes(1);
    expect(repository.getStuckJobs).toHaveBeenCalledTimes(1);
    expect(repository.getOldJobs).toHaveBeenCalledTimes(1);
    expect(repository.getOrphanedAllocations).toHaveBeenCalledTimes(1);
    expect(repository.getWaitingJobs).toHaveBeenCalledTimes(1);
  });

  it('gives each the options under its name', async () => {
    const { repository, strategies } = create({
      completed_job_cleanup: { intervalSeconds: 15 },
      stale_reservation_cleanup: { maxAgeMinutes: 20, enabled: false },
      stuck_job_cleanup: { maxAgeHours: 6, timeoutSeconds: 30 },
      old_job_cleanup: { maxAgeDays: 90, enabled: true },
      orphaned_allocation_cleanup: { maxAgeMinutes: 30 },
      waiting_job_cleanup: { maxAgeDays: 3 },
    });
    expect(strategies.map((strategy) => strategy.intervalSeconds)).toEqual([15, 120, 3600, 86400, 3600, 3600]);
    expect(strategies.map((strategy) => strategy.metadata.timeoutSeconds)).toEqual([60, 120, 30, 3600, 300, 300]);
    expect(strategies.map((strategy) => strategy.enabled)).toEqual([
      undefined,
      false,
      undefined,
      true,
      undefined,
      undefined,
    ]);
    for (const strategy of strategies) await strategy.find(session, {});
    expect(repository.getStaleReservations).toHaveBeenCalledExactlyOnceWith(session, 20, { details: false });
    expect(repository.getStuckJobs).toHaveBeenCalledExactlyOnceWith(session, 6, { details: false });
    expect(repository.getOldJobs).toHaveBeenCalledExactlyOnceWith(session, 90, { deletableOnly: true, details: false });
    expect(repository.getOrphanedAllocations).toHaveBeenCalledExactlyOnceWith(session, 30, {});
    expect(repository.getWaitingJobs).toHaveBeenCalledExactlyOnceWith(session, 3, { details: false });
  });

  it('gives all of them logger, texts and clock', async () => {
    const logger = recordingLogger();
    const { strategies } = create({ logger, clock, texts: presets['zh-CN'] });
    expect(strategies.map((strategy) => strategy.description)).toEqual([
      '释放已完成但未释放资源的作业',
      '清理超过 10 分钟的预留记录',
      '清理运行超过 48 小时的卡住作业',
      '删除超过 30 天的已完成作业',
      '释放作业已不存在的资源分配',
      '清理等待超过 7 天仍未启动的作业',
    ]);
    for (const strategy of strategies) await strategy.before(session);
    expect(logger.lines).toHaveLength(2);
    expect(strategies[1]?.describe(anAllocation())).toBe('作业 1：已预留 30.0 分钟');
    strategies[1]?.announce([anAllocation()]);
    expect(logger.lines.at(-1)).toBe('warn ♻️  [stale_reservation_cleanup] Job 1: reserved for 30.0 min');
  });

  it('lets the options of one win over those for all', () => {
    const { strategies } = create({ texts: presets['zh-CN'], old_job_cleanup: { texts: presets.en } });
    expect(strategies[3]?.description).toBe('Deletes finished jobs older than 30 days');
  });

  it('refuses words that are no options', () => {
    const wrong = (options: object) => () => create(options);
    const refused = (field: string): unknown =>
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(field) as string });
    expect(wrong({ stuck_jobs_cleanup: { enabled: false } })).toThrow(refused('createStrategies.stuck_jobs_cleanup'));
    expect(wrong({ stuck_job_cleanup: { confrim: () => [] } })).toThrow(refused('stuck_job_cleanup.confrim'));
    expect(wrong({ stuck_job_cleanup: { maxAgeHour: 500 } })).toThrow(refused('use maxAgeHours'));
  });

  it('refuses a bad option by its name', () => {
    expect(() => create({ old_job_cleanup: { maxAgeDays: -1 } })).toThrow(
      errorWith('INVALID_OPTION', 'old_job_cleanup.maxAgeDays is -1: give a number above 0 and at most 1000000.'),
    );
  });
});
