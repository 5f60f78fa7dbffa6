import { createStrategies } from '@jobsweep/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { judge } from '../../src/breaker/judge.js';
import type { BreakerOptions } from '../../src/index.js';
import { statuses } from '../support/reports.js';
import { aService } from '../support/service.js';

type Service = Awaited<ReturnType<typeof aService>>;

const STUCK = 'stuck_job_cleanup';
let service: Service;

beforeEach(async () => {
  service = await aService();
});

/** Jobs that run: so many of them stuck, the others for an hour. */
async function seedRunning(stuck: number, healthy: number): Promise<void> {
  const job = (id: number, startTime: string) => ({ id: String(id), name: 'train', state: 'RUNNING', startTime });
  await service.database.seed({
    jobs: [
      ...Array.from({ length: stuck }, (_, index) => job(index + 1, '2026-03-01T00:00:00Z')),
      ...Array.from({ length: healthy }, (_, index) => job(stuck + index + 1, '2026-03-10T11:00:00Z')),
    ],
  });
}

const failedJobs = () => service.database.rows('jobs').filter(({ state }) => state === 'FAILED').length;
const aRunner = (breaker?: BreakerOptions | false) =>
  service.create({ ...(breaker !== undefined && { breaker }), batchRows: 5 });

describe('A pass that would fail more than half of the running jobs', () => {
  test('stops before its first write, and says so with figures', async () => {
    await seedRunning(21, 20);
    const runner = aRunner();
    const report = await runner.runOnce({ only: [STUCK] });
    const figures = '21 of 41 RUNNING jobs are due, and 50 % may be';
    expect(report.ok).toBe(false);
    expect(report.strategies.find(({ name }) => name === STUCK)).toMatchObject({
      status: 'tripped',
      reason: `Breaker tripped: ${figures}`,
      pass: { stopReason: 'tripped', itemsCleaned: 0, batches: 0 },
    });
    expect(failedJobs()).toBe(0);
    expect(service.logger.lines).toEqual([
      `error [${STUCK}] Breaker tripped: ${figures}. Nothing was changed; approve or override it if that is right`,
    ]);
    expect(await service.store.journal.read()).toMatchObject([
      { strategy: STUCK, stopReason: 'tripped', itemsCleaned: 0, note: `Breaker tripped: ${figures}` },
    ]);
    expect((await service.store.claims.list())[0]).toMatchObject({ holder: null });
  });

  test('goes on when it is overridden, which the history tells', async () => {
    await seedRunning(21, 20);
    const report = await aRunner().runOnce({ only: [STUCK], overrideBreaker: true });
    expect(statuses(report)[STUCK]).toBe('done');
    expect(failedJobs()).toBe(21);
    const [entry] = await service.store.journal.read();
    expect(entry).toMatchObject({ itemsCleaned: 21, note: expect.stringMatching(/^Breaker overridden: 21 of 41/) });
  });

  test('is stopped when it comes by its schedule, and every time', async () => {
    await seedRunning(30, 0);
    const runner = service.create({ schedules: { [STUCK]: { intervalSeconds: 10 } } });
    await runner.start();
    await service.time.pass(25);
    await runner.stop();
    expect(failedJobs()).toBe(0);
    expect(runner.status().strategies.find(({ name }) => name === STUCK)?.last?.status).toBe('tripped');
    expect(await service.store.journal.read()).toHaveLength(3);
  });
});

describe('A breaker does not trip', () => {
  test.each([
    ['at exactly the share', 20, 20],
    ['below the least number of rows, even if it is all of them', 19, 0],
  ])('%s', async (_what, stuck, healthy) => {
    await seedRunning(stuck, healthy);
    expect(statuses(await aRunner().runOnce({ only: [STUCK] }))[STUCK]).toBe('done');
    expect(failedJobs()).toBe(stuck);
  });

  test.each<[string, BreakerOptions | false]>([
    ['at all when it is off', false],
    ['for a strategy for which it is off', { strategies: { [STUCK]: false } }],
    ['within limits of a strategy', { maxShare: 0, strategies: { [STUCK]: { maxShare: 1 } } }],
    ['within limits of all', { minRows: 31 }],
  ])('%s', async (_what, breaker) => {
    await seedRunning(30, 0);
    expect(statuses(await aRunner(breaker).runOnce({ only: [STUCK] }))[STUCK]).toBe('done');
  });

  test('for resources of finished jobs, which nobody misses', async () => {
    const jobs = Array.from({ length: 30 }, (_, at) => ({
      id: String(at),
      state: 'COMPLETED',
      endTime: '2026-03-10T11:00:00Z',
    }));
    const allocations = jobs.map(({ id }) => ({
      id,
      jobId: id,
      status: 'ALLOCATED',
      allocationTime: '2026-03-10T10:00:00Z',
    }));
    await service.database.seed({ jobs, allocations });
    const [report] = (await aRunner().runOnce()).strategies;
    expect(report).toMatchObject({ name: 'completed_job_cleanup', status: 'done', pass: { itemsCleaned: 30 } });
  });
});

test('Reservations and old jobs have a breaker too', async () => {
  const old = Array.from({ length: 25 }, (_, at) => ({
    id: `o${at}`,
    state: 'COMPLETED',
    endTime: '2026-01-01T00:00:00Z',
  }));
  const waiting = Array.from({ length: 25 }, (_, at) => ({
    id: `r${at}`,
    state: 'RUNNING',
    startTime: '2026-03-10T11:00:00Z',
  }));
  const allocations = waiting.map(({ id }) => ({
    id,
    jobId: id,
    status: 'RESERVED',
    allocationTime: '2026-03-10T11:00:00Z',
  }));
  await service.database.seed({ jobs: [...old, ...waiting], allocations });
  const strategies = createStrategies(service.store, { old_job_cleanup: { enabled: true } });
  const report = await service.create({ strategies }).runOnce();
  expect(statuses(report)).toMatchObject({ stale_reservation_cleanup: 'tripped', old_job_cleanup: 'tripped' });
  expect(service.database.rows('jobs')).toHaveLength(50);
});

describe('Its judgement', () => {
  const limits = { minRows: 20, maxShare: 0.5 };
  const rule = { name: STUCK, maxAgeHours: 48 } as const;
  /** Totals as a table with these rows answers, and how far they were counted. */
  const counted = (due: number, population: number) => {
    const asked: number[] = [];
    const totals = async (_rule: unknown, { atMost = 10_000 } = {}) => {
      asked.push(atMost);
      return { due: Math.min(due, atMost), population: Math.min(population, atMost), oldestAgeSeconds: 1, undated: 0 };
    };
    return { asked, inspect: { totals } };
  };

  test.each([
    [19, 19, [20], false],
    [40, 1000, [20, 10_000], false],
    [600, 1000, [20, 10_000], true],
    [6000, 100_000, [20, 10_000, 1_000_000], false],
    [60_000, 100_000, [20, 10_000, 1_000_000], true],
  ])('of %i due among %i counts up to %j, and is %s', async (due, population, steps, isTripped) => {
    const { asked, inspect } = counted(due, population);
    expect(await judge(inspect, rule, limits, undefined)).toMatchObject({ isTripped });
    expect(asked).toEqual(steps);
  });

  test('takes a share that it cannot tell for too large', async () => {
    const { inspect } = counted(2_000_000, 100_000_000);
    expect(await judge(inspect, rule, limits, undefined)).toEqual({
      ...{ isTripped: true, due: 1_000_000, isCapped: true, population: 1_000_000, isPopulationCapped: true },
      maxShare: 0.5,
      figures: '1000000+ of 1000000+ RUNNING jobs are due, and 50 % may be',
    });
  });
});
