import { describe, expect, test } from 'vitest';
import { defaultDamage } from '../../src/damage/options.js';
import { planDamage } from '../../src/damage/plan.js';
import { createRandom } from '../../src/damage/random.js';

const MINUTE = 60;
const HOUR = 3600;
const FINISHED = 2000;

const plan = (options: Partial<typeof defaultDamage> = {}, finished = FINISHED) =>
  planDamage({ ...defaultDamage, ...options }, finished);
const damagedJobs = (options?: Partial<typeof defaultDamage>) => plan(options).jobs.filter(({ survives }) => !survives);

describe('the plan', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(plan()).toEqual(plan());
    expect(plan({ seed: 2 })).not.toEqual(plan({ seed: 1 }));
    expect(plan({ seed: 2 ** 53 - 1 })).toEqual(plan({ seed: 2 ** 53 - 1 }));
  });

  test('leaks the given share of the finished jobs, none twice', () => {
    const ordinals = plan({ leakedPercent: 3 }).leaks.map(({ ordinal }) => ordinal);
    expect(new Set(ordinals).size).toBe(60);
    expect(Math.max(...ordinals)).toBeLessThan(FINISHED);
    expect(plan({ leakedPercent: 100 }).leaks).toHaveLength(FINISHED);
    expect(plan({ leakedPercent: 0 }).leaks).toHaveLength(0);
  });

  test('never queues a job again whose allocation it leaks', () => {
    const { leaks, requeues } = plan({ leakedPercent: 99, requeuedJobs: 50 });
    const leaked = new Set(leaks.map(({ ordinal }) => ordinal));
    expect(requeues).toHaveLength(20);
    expect(new Set(requeues.map(({ ordinal }) => ordinal)).size).toBe(20);
    expect(requeues.filter(({ ordinal }) => leaked.has(ordinal) || ordinal >= FINISHED)).toEqual([]);
    expect(requeues.map(({ state }) => state).slice(0, 2)).toEqual(['PENDING', 'RUNNING']);
  });

  test('makes half of the reservations stale, and the others young enough to stay fresh', () => {
    const reserved = plan({ longJobs: 0, healthyJobs: 0, siblingJobs: 0 }).jobs;
    const ages = (survives: string | undefined) =>
      reserved
        .filter((job) => job.survives === survives)
        .flatMap(({ allocations }) => allocations.map((a) => a.ageSeconds));
    expect(ages(undefined)).toHaveLength(100);
    expect(Math.min(...ages(undefined))).toBeGreaterThan(11 * MINUTE);
    expect(ages('fresh')).toHaveLength(100);
    expect(Math.max(...ages('fresh'))).toBeLessThanOrEqual(3 * MINUTE);
  });

  test('lets long jobs run for 1 to 10 days, none within an hour of the limit', () => {
    const long = plan({ reservations: 0, longJobs: 5000, healthyJobs: 0, siblingJobs: 0 }).jobs;
    const hours = long.map(({ runningForSeconds }) => runningForSeconds / HOUR);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(24);
    expect(Math.max(...hours)).toBeLessThanOrEqual(240);
    expect(hours.filter((age) => Math.abs(age - 48) < 0.999)).toEqual([]);
    expect(
      long.every(({ survives, runningForSeconds }) => (survives === undefined) === runningForSeconds > 48 * HOUR),
    ).toBe(true);
  });

  test('gives sibling jobs a stale reservation and something alive', () => {
    const siblings = plan().jobs.filter(({ survives }) => survives === 'sibling');
    expect(siblings).toHaveLength(20);
    for (const { allocations } of siblings) {
      const [stale, live] = allocations;
      expect(stale).toMatchObject({ status: 'RESERVED' });
      expect(stale?.ageSeconds).toBeGreaterThan(11 * MINUTE);
      expect(live?.status === 'ALLOCATED' || (live?.ageSeconds ?? 0) <= 3 * MINUTE).toBe(true);
    }
  });

  test('changes nothing else when one number changes', () => {
    const [few, many] = [damagedJobs({ healthyJobs: 5 }), damagedJobs({ healthyJobs: 500 })];
    expect(few).toEqual(many);
    expect(plan({ reservations: 10 }).leaks).toEqual(plan().leaks);
  });

  test('does what it can with a cluster that is too small', () => {
    const { leaks, requeues } = plan({ leakedPercent: 50 }, 3);
    expect(leaks.length + requeues.length).toBe(3);
    expect(plan({}, 0)).toMatchObject({ leaks: [], requeues: [] });
  });
});

describe('the generator', () => {
  test('spreads evenly', () => {
    const random = createRandom(1, 'spread');
    const draws = Array.from({ length: 10_000 }, () => random.whole(0, 3));
    const counts = [0, 1, 2, 3].map((number) => draws.filter((draw) => draw === number).length);
    expect(Math.min(...counts)).toBeGreaterThan(2300);
    const mean = Array.from({ length: 10_000 }, () => random.fraction()).reduce((a, b) => a + b) / 10_000;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  test('samples different numbers in growing order', () => {
    const sample = createRandom(1, 'sample').sample(100, 30);
    expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
    expect(sample).toHaveLength(30);
    expect(createRandom(1, 'sample').sample(5, 30)).toEqual([0, 1, 2, 3, 4]);
  });
});
