import { describe, expect, it } from 'vitest';
import { presets, StaleReservationCleanupStrategy, type StaleReservationOptions } from '../../src/index.js';
import { anAllocation, aResult, clock, mockRepository, recordingLogger, session } from '../support.js';

function setUp(options: StaleReservationOptions = {}) {
  const repository = mockRepository();
  const logger = recordingLogger();
  return {
    repository,
    logger,
    strategy: new StaleReservationCleanupStrategy(repository, { logger, clock, ...options }),
  };
}

describe('stale_reservation_cleanup', () => {
  it('skips when no reservation is older than 10 minutes', async () => {
    const { strategy, repository, logger } = setUp();
    expect(await strategy.before(session)).toBe(false);
    expect(repository.countStaleReservations).toHaveBeenCalledExactlyOnceWith(session, 10, { atMost: 10_000 });
    expect(logger.lines).toEqual(['debug [stale_reservation_cleanup] No stale reservations, skipping']);
  });

  it('says how many it found', async () => {
    const { strategy, repository, logger } = setUp();
    repository.countStaleReservations.mockResolvedValue(12);
    expect(await strategy.before(session)).toBe(true);
    expect(logger.lines).toEqual(['info [stale_reservation_cleanup] Found 12 stale reservations to clean']);
  });

  it('counts and finds by the limit that was chosen', async () => {
    const { strategy, repository } = setUp({ maxAgeMinutes: 25 });
    await strategy.before(session);
    await strategy.find(session, { limit: 5 });
    expect(repository.countStaleReservations).toHaveBeenCalledExactlyOnceWith(session, 25, { atMost: 10_000 });
    expect(repository.getStaleReservations).toHaveBeenCalledExactlyOnceWith(session, 25, { limit: 5, details: false });
  });

  it.each([
    ['no', undefined, 'Job reservation timed out; the queue entry may have been lost or the worker never started'],
    ['the en', presets.en, 'Job reservation timed out; the queue entry may have been lost or the worker never started'],
    ['the zh-CN', presets['zh-CN'], '作业预留超时，可能由于队列丢失或Worker未启动'],
  ])('with %s preset writes the reason in its language', async (_preset, texts, message) => {
    const { strategy, repository } = setUp(texts && { texts });
    const rows = [anAllocation({ id: 'a1' }), anAllocation({ id: 'a2' })];
    expect(await strategy.cleanup(session, { rows })).toMatchObject({ itemsCleaned: 2, changed: rows });
    expect(repository.cleanupStaleReservations).toHaveBeenCalledTimes(1);
    expect(repository.cleanupStaleReservations.mock.calls[0]?.slice(0, 3)).toEqual([session, rows, message]);
  });

  it('warns of each, with the minutes from its allocation to its release', () => {
    const { strategy, logger } = setUp();
    const released = anAllocation({ jobId: '42', releasedTime: new Date('2024-05-01T11:42:33Z') });
    strategy.announce([released, anAllocation({ jobId: '43' })]);
    expect(logger.lines).toEqual([
      'warn ♻️  [stale_reservation_cleanup] Job 42: reserved for 12.6 min',
      'warn ♻️  [stale_reservation_cleanup] Job 43: reserved for 30.0 min',
    ]);
  });

  it('describes a reservation without a time', () => {
    expect(setUp().strategy.describe(anAllocation({ allocationTime: null }))).toBe('Job 1: reserved for 0.0 min');
  });

  it('warns of the queue or the workers from the eleventh on', () => {
    const { strategy, logger } = setUp();
    strategy.after(aResult({ itemsCleaned: 10 }));
    expect(logger.lines).toEqual([]);
    strategy.after(aResult({ itemsCleaned: 11 }));
    expect(logger.lines).toEqual([
      'warn [stale_reservation_cleanup] ⚠️  Cleaned 11 stale reservations (may indicate queue or worker issues)',
    ]);
  });
});
