import { describe, expect, it } from 'vitest';
import {
  CompletedJobCleanupStrategy,
  OldJobCleanupStrategy,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '../../src/index.js';
import { mockRepository } from '../support.js';

const repository = mockRepository();

describe('what a runner knows about the four strategies', () => {
  it('completed_job_cleanup goes first, every 5 seconds, for at most 60', () => {
    const strategy = new CompletedJobCleanupStrategy(repository);
    expect(strategy.name).toBe('completed_job_cleanup');
    expect(strategy.intervalSeconds).toBe(5);
    expect(strategy.metadata).toEqual({
      priority: 1,
      dependsOn: [],
      tags: ['critical', 'resource'],
      timeoutSeconds: 60,
      enabledByDefault: true,
    });
  });

  it('stale_reservation_cleanup follows it, every 120 seconds, for at most 120', () => {
    const strategy = new StaleReservationCleanupStrategy(repository);
    expect(strategy.name).toBe('stale_reservation_cleanup');
    expect(strategy.intervalSeconds).toBe(120);
    expect(strategy.metadata).toEqual({
      priority: 2,
      dependsOn: ['completed_job_cleanup'],
      tags: ['critical', 'resource'],
      timeoutSeconds: 120,
      enabledByDefault: true,
    });
  });

  it('stuck_job_cleanup follows it too, every 3600 seconds, for at most 300', () => {
    const strategy = new StuckJobCleanupStrategy(repository);
    expect(strategy.name).toBe('stuck_job_cleanup');
    expect(strategy.intervalSeconds).toBe(3600);
    expect(strategy.metadata).toEqual({
      priority: 3,
      dependsOn: ['completed_job_cleanup'],
      tags: ['maintenance'],
      timeoutSeconds: 300,
      enabledByDefault: true,
    });
  });

  it('old_job_cleanup stands alone, once a day, for at most an hour, and is off by default', () => {
    const strategy = new OldJobCleanupStrategy(repository);
    expect(strategy.name).toBe('old_job_cleanup');
    expect(strategy.intervalSeconds).toBe(86400);
    expect(strategy.metadata).toEqual({
      priority: 4,
      dependsOn: [],
      tags: ['maintenance', 'optional'],
      timeoutSeconds: 3600,
      enabledByDefault: false,
    });
  });
});

const strategies = {
  CompletedJobCleanupStrategy,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
  OldJobCleanupStrategy,
};

describe.each(Object.entries(strategies))('%s', (_name, Strategy) => {
  it('leaves `enabled` to its default until somebody says so', () => {
    expect(new Strategy(repository).enabled).toBeUndefined();
    expect(new Strategy(repository, { enabled: true }).enabled).toBe(true);
    expect(new Strategy(repository, { enabled: false }).enabled).toBe(false);
  });

  it('takes another interval and another timeout', () => {
    const strategy = new Strategy(repository, { intervalSeconds: 7.5, timeoutSeconds: 30 });
    expect(strategy.intervalSeconds).toBe(7.5);
    expect(strategy.metadata.timeoutSeconds).toBe(30);
    expect(new Strategy(repository).metadata.timeoutSeconds).not.toBe(30);
  });
});
