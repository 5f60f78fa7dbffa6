import type { Rule, Totals } from '@jobsweep/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { allocation, job } from '../support/rows.js';
import { clock, DAY, HOUR, MINUTE } from '../support/times.js';
import type { ClusterUnderTest } from '../support/under-test.js';

const RULES: readonly Rule[] = [
  { name: 'completed_job_cleanup' },
  { name: 'stale_reservation_cleanup', maxAgeMinutes: 10 },
  { name: 'stuck_job_cleanup', maxAgeHours: 48 },
  { name: 'old_job_cleanup', maxAgeDays: 30 },
];
const [COMPLETED, STALE, STUCK, OLD] = RULES as [Rule, Rule, Rule, Rule];

/** How much there is to do, and since when, without doing anything. */
export function describeTotals<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  const { ago } = cluster;
  const inspect = () => cluster.store({ clock }).inspect;

  describe('totals', () => {
    beforeEach(() =>
      cluster.seed({
        jobs: [
          job(1, { startTime: ago(50 * HOUR), tenant: '1' }),
          job(2, { startTime: ago(48 * HOUR, 1), tenant: '2' }),
          job(3, { startTime: ago(48 * HOUR), tenant: '2' }),
          job(4, { tenant: '1' }),
          job(5, { startTime: ago(HOUR), tenant: '2' }),
          job(11, { state: 'COMPLETED', endTime: ago(40 * DAY), tenant: '1' }),
          job(12, { state: 'FAILED', endTime: ago(31 * DAY), tenant: '2' }),
          job(13, { state: 'CANCELLED', endTime: ago(30 * DAY), tenant: '2' }),
          job(14, { state: 'COMPLETED', tenant: '1' }),
          job(21, { state: 'PENDING', tenant: '1' }),
          job(22, { state: 'ARCHIVED', endTime: ago(90 * DAY), tenant: '1' }),
        ],
        allocations: [
          allocation(1, 1, { status: 'RESERVED', allocationTime: ago(HOUR) }),
          allocation(2, 1, { status: 'RESERVED', allocationTime: ago(2 * HOUR) }),
          allocation(3, 2, { status: 'RESERVED', allocationTime: ago(10 * MINUTE) }),
          allocation(4, 5, { status: 'ALLOCATED' }),
          allocation(5, 4, { status: 'RESERVED' }),
          allocation(6, 4, { status: 'RESERVED' }),
          allocation(11, 12, { status: 'ALLOCATED' }),
          allocation(12, 13, { status: 'RESERVED' }),
          allocation(13, 14, { status: 'ALLOCATED' }),
          allocation(14, 11, { status: 'RELEASED' }),
          allocation(15, 11, { status: 'DRAINING' }),
          allocation(16, 21, { status: 'RESERVED', allocationTime: ago(HOUR) }),
        ],
      }),
    );

    const expected: readonly (readonly [Rule, Totals])[] = [
      [COMPLETED, { due: 3, population: 10, oldestAgeSeconds: 31 * DAY, undated: 0 }],
      [STALE, { due: 2, population: 5, oldestAgeSeconds: 2 * HOUR, undated: 1 }],
      [STUCK, { due: 2, population: 5, oldestAgeSeconds: 50 * HOUR, undated: 1 }],
      [OLD, { due: 2, population: 4, oldestAgeSeconds: 40 * DAY, undated: 1 }],
    ];
    test.each(expected.map(([rule, totals]) => [rule.name, rule, totals] as const))(
      'of %s are those of the rows',
      async (_name, rule, totals) => {
        const found = await inspect().totals(rule);
        expect({ ...found, oldestAgeSeconds: Math.round(found.oldestAgeSeconds ?? -1) }).toEqual(totals);
      },
    );

    test('go by the limit of the rule', async () => {
      expect(await inspect().totals({ name: 'stuck_job_cleanup', maxAgeHours: 49 })).toMatchObject({ due: 1 });
      expect(await inspect().totals({ name: 'old_job_cleanup', maxAgeDays: 35 })).toMatchObject({ due: 1 });
    });

    test.each(RULES.map((rule) => [rule.name, rule] as const))(
      'of %s stop at a number of rows',
      async (_name, rule) => {
        const { due, population, oldestAgeSeconds } = await inspect().totals(rule, { atMost: 1 });
        expect({ due, population }).toEqual({ due: 1, population: 1 });
        // The end of a job is looked at with each allocation of it that is counted.
        if (rule === COMPLETED) return;
        expect(oldestAgeSeconds).toBe((await inspect().totals(rule)).oldestAgeSeconds);
      },
    );

    test.each(RULES.map((rule) => [rule.name, rule] as const))('of %s are none without rows', async (_name, rule) => {
      await cluster.clear();
      expect(await inspect().totals(rule)).toEqual({ due: 0, population: 0, oldestAgeSeconds: null, undated: 0 });
    });

    test('have no age where nothing that is due has a time', async () => {
      await cluster.clear();
      await cluster.seed({ jobs: [job(1, { state: 'COMPLETED' })], allocations: [allocation(1, 1)] });
      expect(await inspect().totals(COMPLETED)).toEqual({ due: 1, population: 1, oldestAgeSeconds: null, undated: 0 });
    });

    test('of old_job_cleanup tell how many due jobs still hold something, where that is asked for', async () => {
      expect(await inspect().totals(OLD, { holding: true })).toMatchObject({ due: 2, holding: 2 });
      expect(await inspect().totals(OLD, { holding: true, atMost: 1 })).toMatchObject({ due: 1, holding: 1 });
      expect(await inspect().totals(STUCK, { holding: true })).not.toHaveProperty('holding');
      await cluster.seed({ jobs: [job(15, { state: 'FAILED', endTime: ago(50 * DAY) })] });
      expect(await inspect().totals(OLD, { holding: true })).toMatchObject({ due: 3, holding: 2 });
    });

    test('change nothing', async () => {
      const before = await cluster.read();
      for (const rule of RULES) await inspect().totals(rule);
      expect(await cluster.read()).toEqual(before);
    });

    test('refuse bounds that bound nothing', async () => {
      for (const atMost of [0, -1, 1.5, Number.NaN, 10_000_001]) {
        const refused = inspect().totals(STUCK, { atMost });
        await expect(refused, String(atMost)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
      }
      for (const age of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        for (const rule of [
          { name: 'stale_reservation_cleanup', maxAgeMinutes: age },
          { name: 'stuck_job_cleanup', maxAgeHours: age },
          { name: 'old_job_cleanup', maxAgeDays: age },
        ] as const) {
          const refused = inspect().totals(rule);
          await expect(refused, `${rule.name} of ${age}`).rejects.toMatchObject({ code: 'INVALID_OPTION' });
        }
      }
    });

    test('are not counted once a signal has fired', async () => {
      const refused = inspect().totals(STUCK, { signal: AbortSignal.abort() });
      await expect(refused).rejects.toMatchObject({ code: 'ABORTED' });
    });

    test('are of what filters let through', async () => {
      const scoped = cluster.store({ clock, filters: { scope: { tenant: 1 } } }).inspect;
      const found = async (rule: Rule) => {
        const { due, population, undated, oldestAgeSeconds } = await scoped.totals(rule);
        return [due, population, undated, oldestAgeSeconds && Math.round(oldestAgeSeconds)];
      };
      expect(await found(COMPLETED)).toEqual([1, 6, 0, null]);
      expect(await found(STALE)).toEqual([2, 2, 1, 2 * HOUR]);
      expect(await found(STUCK)).toEqual([1, 2, 1, 50 * HOUR]);
      expect(await found(OLD)).toEqual([1, 2, 1, 40 * DAY]);
    });

    test('go by the limits that filters set', async () => {
      const limited = cluster.store({ clock, filters: { limitFor: { stuckHours: { 'job-5': 0.5 } } } }).inspect;
      expect(await limited.totals(STUCK)).toMatchObject({ due: 3 });
    });
  });

  test('the server tells what it is and what time it has, however wrong this process’s clock is', async () => {
    const from = new Date(await cluster.now()).getTime();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01T00:00:00Z') });
    const { product, version, now, timeZone, isWritable } = await cluster
      .store()
      .inspect.server()
      .finally(() => vi.useRealTimers());
    const to = new Date(await cluster.now()).getTime();
    expect(now.getTime()).toBeGreaterThanOrEqual(from - 1);
    expect(now.getTime()).toBeLessThanOrEqual(to + 1);
    for (const text of [product, version, timeZone]) expect(text).toMatch(/\S/);
    expect(isWritable).toBe(true);
  });
}
