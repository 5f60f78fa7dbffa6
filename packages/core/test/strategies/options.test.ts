import { describe, expect, it } from 'vitest';
import {
  CompletedJobCleanupStrategy,
  OldJobCleanupStrategy,
  StaleReservationCleanupStrategy,
  StuckJobCleanupStrategy,
} from '../../src/index.js';
import { errorWith, mockRepository } from '../support.js';

const repository = mockRepository();

const limits = {
  'stale_reservation_cleanup.maxAgeMinutes': (value: number) =>
    new StaleReservationCleanupStrategy(repository, { maxAgeMinutes: value }),
  'stuck_job_cleanup.maxAgeHours': (value: number) => new StuckJobCleanupStrategy(repository, { maxAgeHours: value }),
  'old_job_cleanup.maxAgeDays': (value: number) => new OldJobCleanupStrategy(repository, { maxAgeDays: value }),
  'completed_job_cleanup.intervalSeconds': (value: number) =>
    new CompletedJobCleanupStrategy(repository, { intervalSeconds: value }),
  'completed_job_cleanup.timeoutSeconds': (value: number) =>
    new CompletedJobCleanupStrategy(repository, { timeoutSeconds: value }),
};

describe.each(Object.entries(limits))('%s', (field, construct) => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001])('cannot be %d', (value) => {
    expect(() => construct(value)).toThrow(
      errorWith('INVALID_OPTION', `${field} is ${value}: give a number above 0 and at most 1000000.`),
    );
  });

  it('cannot be text, as a config file may hold it', () => {
    expect(() => construct(JSON.parse('"10"') as number)).toThrow(
      `${field} is '10': give a number above 0 and at most 1000000.`,
    );
  });

  it.each([0.5, 1, 1_000_000])('can be %d', (value) => {
    expect(() => construct(value)).not.toThrow();
  });
});

describe('a limit of null', () => {
  it('is not taken for the default', () => {
    expect(() => limits['stuck_job_cleanup.maxAgeHours'](JSON.parse('null') as number)).toThrow(
      'stuck_job_cleanup.maxAgeHours is null: give a number above 0 and at most 1000000.',
    );
  });
});
