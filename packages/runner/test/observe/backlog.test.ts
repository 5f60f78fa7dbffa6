import { JobsweepError, type StoreInspection, type Totals } from '@jobsweep/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMetrics } from '../../src/observe/index.js';
import { samplesOf, valuesOf } from '../support/exposition.js';
import { aState, fakeRunner } from '../support/fake-runner.js';

const SOME: Totals = { due: 3, population: 40, oldestAgeSeconds: 1200, undated: 1 };
const NAMES = ['completed_job_cleanup', 'stale_reservation_cleanup', 'stuck_job_cleanup'];
const forEach = (value: number) => Object.fromEntries(NAMES.map((name) => [name, value]));

function watched(totals: StoreInspection['totals'] = async () => SOME, backlogSeconds?: number) {
  const fake = fakeRunner();
  const asked = vi.fn(totals);
  const metrics = createMetrics(fake.runner, {
    inspect: { totals: asked },
    ...(backlogSeconds !== undefined && { backlogSeconds }),
  });
  return {
    ...fake,
    asked,
    metrics,
    values: async (name: string) => valuesOf(await metrics.metrics(), `jobsweep_${name}`),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('The backlog', () => {
  test('is what each strategy that takes part has before it, the limit of its rule beside', async () => {
    const { values, asked, metrics } = watched();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.mock.calls.map(([rule]) => rule.name)).toEqual(NAMES);
    expect(await values('due_rows')).toEqual(forEach(3));
    expect(await values('population_rows')).toEqual(forEach(40));
    expect(await values('undated_rows')).toEqual(forEach(1));
    expect(await values('oldest_due_age_seconds')).toEqual(forEach(1200));
    expect(await values('age_limit_seconds')).toEqual({
      stale_reservation_cleanup: 600,
      stuck_job_cleanup: 172_800,
      old_job_cleanup: 2_592_000,
    });
    metrics.close();
  });

  test('is asked for once a minute, however often it is read', async () => {
    const { asked, metrics } = watched();
    for (let scrape = 0; scrape < 59; scrape++) {
      await metrics.metrics();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(asked).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveBeenCalledTimes(6);
    metrics.close();
  });

  test.each([
    [5, 12],
    [600, 0],
  ])('is asked for every %i s when told so', async (seconds, times) => {
    const { asked, metrics } = watched(undefined, seconds);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(3 * (1 + times));
    metrics.close();
  });

  test('is never asked for with 0, and has no value then', async () => {
    const { asked, metrics } = watched(undefined, 0);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).not.toHaveBeenCalled();
    expect(samplesOf(await metrics.metrics()).map(({ name }) => name)).not.toContain('jobsweep_due_rows');
  });

  test.each([-1, 4, 86_401, Number.NaN])('refuses %d s between two looks', (backlogSeconds) => {
    const refused = () => watched(undefined, backlogSeconds);
    expect(refused).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('backlogSeconds') }),
    );
  });

  test('of a slow database is not asked for again before it answered, and given up after 30 s', async () => {
    const signals: AbortSignal[] = [];
    const { asked, metrics } = watched((_rule, { signal } = {}) => {
      if (signal) signals.push(signal);
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    }, 5);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    metrics.close();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test('that cannot be counted has no value rather than an old one', async () => {
    let isDown = false;
    const { values, metrics } = watched(async () => {
      if (isDown) throw new JobsweepError('CONNECTION_LOST', 'away');
      return SOME;
    });
    await vi.advanceTimersByTimeAsync(0);
    isDown = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await values('due_rows')).toEqual({});
    expect(await values('backlog_failures_total')).toEqual(forEach(1));
    isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await values('due_rows')).toEqual(forEach(3));
    metrics.close();
  });

  test('of a strategy that no longer takes part has no value', async () => {
    const { be, values, metrics } = watched();
    await vi.advanceTimersByTimeAsync(0);
    be({ strategies: [aState('stuck_job_cleanup')] });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await values('due_rows')).toEqual({ stuck_job_cleanup: 3 });
    metrics.close();
  });

  test('is 0 seconds old when nothing is due', async () => {
    const { metrics } = watched(async () => ({ due: 0, population: 5, oldestAgeSeconds: null, undated: 0 }));
    await vi.advanceTimersByTimeAsync(0);
    const ages = samplesOf(await metrics.metrics()).filter(({ name }) => name === 'jobsweep_oldest_due_age_seconds');
    expect(ages.map(({ value }) => value)).toEqual([0, 0, 0]);
    metrics.close();
  });
});
