import { describe, expect, it } from 'vitest';
import {
  CompletedJobCleanupStrategy,
  OldJobCleanupStrategy,
  presets,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '../../src/index.js';
import { mockRepository } from '../support.js';

const repository = mockRepository();
const chinese = { texts: presets['zh-CN'] };

describe('descriptions', () => {
  it('are English by default, with the default limits', () => {
    expect(new CompletedJobCleanupStrategy(repository).description).toBe(
      'Releases resources still held by finished jobs',
    );
    expect(new StaleReservationCleanupStrategy(repository).description).toBe(
      'Clears reservations older than 10 minutes',
    );
    expect(new StuckJobCleanupStrategy(repository).description).toBe('Fails jobs that have run for more than 48 hours');
    expect(new OldJobCleanupStrategy(repository).description).toBe('Deletes finished jobs older than 30 days');
  });

  it('are Chinese with the zh-CN preset', () => {
    expect(new CompletedJobCleanupStrategy(repository, chinese).description).toBe('释放已完成但未释放资源的作业');
    expect(new StaleReservationCleanupStrategy(repository, chinese).description).toBe('清理超过 10 分钟的预留记录');
    expect(new StuckJobCleanupStrategy(repository, chinese).description).toBe('清理运行超过 48 小时的卡住作业');
    expect(new OldJobCleanupStrategy(repository, chinese).description).toBe('删除超过 30 天的已完成作业');
  });

  it('name the limits that were chosen', () => {
    expect(new StaleReservationCleanupStrategy(repository, { maxAgeMinutes: 2.5 }).description).toBe(
      'Clears reservations older than 2.5 minutes',
    );
    expect(new StuckJobCleanupStrategy(repository, { maxAgeHours: 6, ...chinese }).description).toBe(
      '清理运行超过 6 小时的卡住作业',
    );
    expect(new OldJobCleanupStrategy(repository, { maxAgeDays: 365 }).description).toBe(
      'Deletes finished jobs older than 365 days',
    );
  });

  it('follow texts of the user, and keep a placeholder that nothing fills', () => {
    const descriptions = { ...presets.en.descriptions, old_job_cleanup: 'Tidies {what} after {maxAgeDays} d' };
    const strategy = new OldJobCleanupStrategy(repository, { texts: { ...presets.en, descriptions } });
    expect(strategy.description).toBe('Tidies {what} after 30 d');
  });
});
