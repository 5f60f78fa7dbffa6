import { beforeEach, describe, expect, test } from 'vitest';
import { statuses } from '../support/reports.js';
import { aService } from '../support/service.js';

const STUCK = 'stuck_job_cleanup';
const DAY_SECONDS = 86_400;
let service: Awaited<ReturnType<typeof aService>>;

/** Stuck jobs with ids from so many on. */
const seedStuck = (from: number, count: number) =>
  service.database.seed({
    jobs: Array.from({ length: count }, (_, index) => ({
      ...{ id: String(from + index), name: 'train', state: 'RUNNING', startTime: '2026-03-01T00:00:00Z' },
    })),
  });
const failedJobs = () => service.database.rows('jobs').filter(({ state }) => state === 'FAILED').length;
const approve = () => service.store.claims.approve({ strategy: STUCK, by: 'ada@host-1', host: 'host-1' });
/** The status of a round of a runner of its own, as on another machine. */
const round = async (overrideBreaker = false) =>
  statuses(await service.create({ batchRows: 5 }).runOnce({ only: [STUCK], overrideBreaker }))[STUCK];

beforeEach(async () => {
  service = await aService();
  await seedStuck(1, 30);
  expect(await round()).toBe('tripped');
});

describe('A pass that was stopped and is approved', () => {
  test('goes on in the next turn of any runner, which the history tells', async () => {
    expect(await approve()).toMatchObject({ rows: 30 });
    expect(await round()).toBe('done');
    expect(failedJobs()).toBe(30);
    const figures = '30 of 30 RUNNING jobs are due, and 50 % may be';
    expect(await service.store.journal.read()).toMatchObject([
      { stopReason: 'rowBudget', itemsCleaned: 30, note: `Breaker approved for 30 rows: ${figures}` },
      { stopReason: 'approved', itemsFound: 30, holder: 'ada@host-1' },
      { stopReason: 'tripped', note: `Breaker tripped: ${figures}` },
    ]);
  });

  test('changes no more than were due when it was stopped, and the rest is stopped again', async () => {
    await approve();
    await seedStuck(31, 26);
    expect(await round()).toBe('done');
    expect(failedJobs()).toBe(30);
    expect(await round()).toBe('tripped');
    expect(failedJobs()).toBe(30);
    expect(await approve()).toMatchObject({ rows: 26 });
  });

  test('changes no more than that although its first page has more', async () => {
    await approve();
    await seedStuck(31, 26);
    await service.create({ batchRows: 1000 }).runOnce({ only: [STUCK] });
    expect(failedJobs()).toBe(30);
    expect((await service.store.journal.read({ limit: 1 }))[0]).toMatchObject({
      itemsFound: 30,
      stopReason: 'rowBudget',
    });
  });
});

describe('An approval', () => {
  test.each([
    ['stands for a day', DAY_SECONDS - 1, 'done'],
    ['has lapsed after a day', DAY_SECONDS, 'tripped'],
  ])('%s', async (_what, seconds, status) => {
    await approve();
    await service.time.pass(seconds);
    expect(await round()).toBe(status);
  });

  test('is not used up by a pass that is overridden', async () => {
    await approve();
    expect(await round(true)).toBe('done');
    await seedStuck(31, 26);
    expect(await round()).toBe('done');
  });
});
