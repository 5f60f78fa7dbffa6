import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStrategies, type Logger, runPass, StaleReservationCleanupStrategy, silentLogger } from '../src/index.js';
import { anAllocation, errorWith, mockRepository, passOver, session, someJobs } from './support.js';

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

describe('a logger that fails', () => {
  const failing = (fail: () => unknown): Logger => {
    const write = fail as (message: string) => void;
    return { debug: write, info: write, warn: write, error: write };
  };
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  it.each([
    ['throws', () => throwing()],
    ['rejects', () => Promise.reject(new Error('The log is full'))],
  ])('and %s keeps nothing from being done, nor from being told to others', async (_how, fail) => {
    const logger = failing(fail);
    const repaired: string[] = [];
    const { repository, store, timing } = passOver(someJobs(3));
    const [strategy] = createStrategies(
      { repository, capabilities: { strategies: ['stuck_job_cleanup'] } },
      { logger },
    );
    if (strategy === undefined) throw new Error('It was asked for');
    const onRepaired = (rows: readonly { readonly id: string }[]) => {
      repaired.push(...rows.map(({ id }) => id));
      throwing();
    };
    const onBatch = () => Promise.reject(Object.create(null) as Error);
    const result = await runPass(store, strategy, { logger, timing, batchRows: 2, onRepaired, onBatch });
    expect(result).toMatchObject({ status: 'done', stopReason: 'drained', itemsCleaned: 3 });
    expect(repaired).toEqual(['1', '2', '3']);
    await turnOfTheLoop();
    expect(unhandled).toEqual([]);
  });

  it('because it lacks a method is refused, by name, wherever it comes in', async () => {
    const { log, error, warn, debug } = console;
    const likeNest = { log, error, warn, debug } as unknown as Logger;
    const message = expect.stringMatching(
      /^logger\.info is undefined: give .*\(message\) => logger\.log\(message\)/,
    ) as string;
    const { repository, store, strategy } = passOver([]);
    const capabilities = { strategies: ['stuck_job_cleanup'] } as const;
    expect(() => createStrategies({ repository, capabilities }, { logger: likeNest })).toThrow(
      errorWith('INVALID_OPTION', message),
    );
    await expect(runPass(store, strategy, { logger: likeNest })).rejects.toThrow(errorWith('INVALID_OPTION', message));
  });
});

function throwing(): never {
  throw new Error('No room for a line');
}
