import { describe, expect, it, vi } from 'vitest';
import { StaleReservationCleanupStrategy, silentLogger } from '../src/index.js';
import { anAllocation, mockRepository, session } from './support.js';

describe('without a logger', () => {
  it('nothing is printed', async () => {
    const levels = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const printed = levels.map((level) => vi.spyOn(console, level));
    const strategy = new StaleReservationCleanupStrategy(mockRepository());
    await strategy.before(session);
    strategy.announce([anAllocation()]);
    for (const level of ['debug', 'info', 'warn', 'error'] as const) silentLogger[level]('nobody hears this');
    for (const print of printed) expect(print).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('ages in texts follow the clock of this machine', () => {
    const strategy = new StaleReservationCleanupStrategy(mockRepository());
    const allocationTime = new Date(Date.now() - 90 * 60_000);
    expect(strategy.describe(anAllocation({ allocationTime }))).toBe('Job 1: reserved for 90.0 min');
  });
});

describe('console', () => {
  it('fits as a logger', async () => {
    const debug = vi.spyOn(console, 'debug').mockImplementation(() => {});
    await new StaleReservationCleanupStrategy(mockRepository(), { logger: console }).before(session);
    expect(debug).toHaveBeenCalledExactlyOnceWith('[stale_reservation_cleanup] No stale reservations, skipping');
    debug.mockRestore();
  });
});
