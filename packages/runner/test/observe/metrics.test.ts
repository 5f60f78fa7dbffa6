import { ERROR_CODES, JobsweepError } from '@jobsweep/core';
import { Registry, register } from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { createMetrics, type MetricsOptions } from '../../src/observe/index.js';
import { samplesOf, valuesOf } from '../support/exposition.js';
import { aPass, aState, ended, fakeRunner } from '../support/fake-runner.js';

const STUCK = 'stuck_job_cleanup';

function measured(options: MetricsOptions = {}) {
  const fake = fakeRunner();
  const metrics = createMetrics(fake.runner, options);
  return {
    ...fake,
    metrics,
    values: async (name: string) => valuesOf(await metrics.metrics(), `jobsweep_${name}`),
  };
}

describe('The metrics of passes', () => {
  test('count turns by what became of them, and passes by why they ended', async () => {
    const { emit, values } = measured();
    emit('pass:end', ended(STUCK));
    emit('pass:end', ended(STUCK, { status: 'skipped' }));
    emit('pass:end', ended(STUCK, { stopReason: 'rowBudget' }));
    emit('pass:end', { strategy: STUCK, report: { name: STUCK, description: '', status: 'notDue' } });
    expect(await values('turns_total')).toEqual({
      [`${STUCK} done`]: 2,
      [`${STUCK} skipped`]: 1,
      [`${STUCK} not_due`]: 1,
    });
    expect(await values('passes_total')).toEqual({ [`${STUCK} drained`]: 2, [`${STUCK} row_budget`]: 1 });
    expect(await values('pass_duration_seconds_sum')).toEqual({ [`${STUCK} done`]: 0.5, [`${STUCK} skipped`]: 0.25 });
  });

  test('count every row once, batch by batch, and what only the end of the pass tells', async () => {
    const { emit, values } = measured();
    emit('pass:start', { strategy: STUCK, claim: null });
    const first = aPass(STUCK, { itemsCleaned: 3, itemsPassedOver: 1, batches: 1 });
    emit('batch', { strategy: STUCK, counts: first, durationMs: 40 });
    expect(await values('items_total')).toEqual({ [`${STUCK} cleaned`]: 3, [`${STUCK} passed_over`]: 1 });

    const second = { ...first, itemsCleaned: 5, itemsContended: 2, batches: 2 };
    emit('batch', { strategy: STUCK, counts: second, durationMs: 60 });
    emit('pass:end', ended(STUCK, { ...second, itemsBlocked: 4, itemsUnknown: 6 }));
    const rows = { cleaned: 5, contended: 2, passed_over: 1, blocked: 4, unknown: 6 };
    const expected = Object.fromEntries(Object.entries(rows).map(([outcome, count]) => [`${STUCK} ${outcome}`, count]));
    expect(await values('items_total')).toEqual(expected);
    expect(await values('batches_total')).toEqual({ [STUCK]: 2 });
    expect(await values('batch_duration_seconds_sum')).toEqual({ [STUCK]: 0.1 });

    emit('pass:start', { strategy: STUCK, claim: null });
    emit('pass:end', ended(STUCK, second));
    expect(await values('items_total')).toMatchObject({ [`${STUCK} cleaned`]: 10 });
  });

  test('tell which strategies wait for the probe, what it said, and for how long they waited', async () => {
    const { emit, values } = measured();
    expect(await values('waited_seconds_total')).toMatchObject({});
    emit('wait', { strategy: STUCK, wait: { value: 12, above: 10, reason: null } });
    expect(await values('strategy_waiting')).toEqual({ [STUCK]: 1 });
    expect(await values('probe_value')).toEqual({ '': 12 });
    emit('wait', { strategy: STUCK, wait: null });
    expect(await values('strategy_waiting')).toEqual({});
    emit('pass:end', ended(STUCK, { waitedMs: 7500 }));
    expect(await values('waited_seconds_total')).toEqual({ [STUCK]: 7.5 });
  });

  test('count claims by how they were come by, and those that were lost', async () => {
    const { emit, values } = measured();
    emit('pass:start', { strategy: STUCK, claim: null });
    emit('pass:start', { strategy: STUCK, claim: { lapsed: null } });
    emit('pass:start', { strategy: STUCK, claim: { lapsed: 'host-2:99' } });
    emit('pass:end', ended(STUCK, { stopReason: 'claimLost' }));
    emit('pass:end', { strategy: STUCK, report: { name: STUCK, description: '', status: 'claimed' } });
    expect(await values('claims_total')).toEqual(
      Object.fromEntries(['acquired', 'taken_over', 'held', 'lost'].map((outcome) => [`${STUCK} ${outcome}`, 1])),
    );
  });

  test('take a pass with nothing to do for a success, but none that failed, was aborted or lost its claim', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const { emit, values } = measured();
    emit('pass:end', ended(STUCK, { status: 'failed', stopReason: 'failed' }));
    emit('pass:end', ended(STUCK, { stopReason: 'aborted' }));
    emit('pass:end', ended(STUCK, { stopReason: 'claimLost' }));
    expect(await values('last_success_timestamp_seconds')).toEqual({});
    emit('pass:end', ended(STUCK, { status: 'skipped' }));
    expect(await values('last_success_timestamp_seconds')).toEqual({ [STUCK]: 1000 });
    vi.useRealTimers();
  });

  test('count errors by their code, and never by what they say', async () => {
    const { emit, values } = measured();
    emit('error', { strategy: STUCK, error: new JobsweepError('CONNECTION_LOST', 'db-7 is away') });
    emit('error', { strategy: null, error: new Error('Job 4711 is odd') });
    emit('error', {
      strategy: null,
      error: Object.assign(new Error('x'), { name: 'JobsweepError', code: 'job-4711' }),
    });
    expect(await values('errors_total')).toEqual({ CONNECTION_LOST: 1, OTHER: 2 });
  });
});

describe('The life of a leak', () => {
  test('is counted in seconds for what holds resources, and seen in the time to heal of every strategy', async () => {
    const { emit, values } = measured();
    emit('repaired', { strategy: 'completed_job_cleanup', rows: [], dueSeconds: [4, 6] });
    emit('repaired', { strategy: STUCK, rows: [], dueSeconds: [100] });
    emit('repaired', { strategy: 'old_job_cleanup', rows: [], dueSeconds: [3600] });
    expect(await values('leaked_resource_seconds_total')).toEqual({ completed_job_cleanup: 10, [STUCK]: 100 });
    expect(await values('time_to_heal_seconds_count')).toEqual({
      completed_job_cleanup: 2,
      [STUCK]: 1,
      old_job_cleanup: 1,
    });
  });

  test('is never below 0, though the clock of the database was set back', async () => {
    const { emit, values } = measured();
    emit('repaired', { strategy: STUCK, rows: [], dueSeconds: [-5, 5] });
    expect(await values('leaked_resource_seconds_total')).toEqual({ [STUCK]: 5 });
  });
});

describe('The metrics of a runner', () => {
  test('show what it is doing at the moment of the question', async () => {
    const { be, values } = measured();
    const strategies = [
      aState(STUCK, { isRunning: true, nextRunAt: new Date(90_000) }),
      aState('old_job_cleanup', { mode: 'observe' }),
    ];
    be({ strategies });
    expect(await values('ready')).toEqual({ '': 1 });
    expect(await values('coordinated')).toEqual({ '': 1 });
    expect(await values('clock_skew_seconds')).toEqual({ '': 0.25 });
    expect(await values('strategy_enabled')).toEqual({ [STUCK]: 1 });
    expect(await values('strategy_running')).toEqual({ [STUCK]: 1 });
    expect(await values('strategy_observing')).toEqual({ old_job_cleanup: 1 });
    expect(await values('next_run_timestamp_seconds')).toEqual({ [STUCK]: 90 });
    be({ isReady: false, strategies: [aState(STUCK)] });
    expect(await values('ready')).toEqual({});
    expect(await values('next_run_timestamp_seconds')).toEqual({});
  });

  test('have no value for what is not known', async () => {
    const { be, metrics } = measured();
    await metrics.metrics();
    be({ isCoordinated: null, clockSkewSeconds: null });
    const names = new Set(samplesOf(await metrics.metrics()).map(({ name }) => name));
    expect(names).not.toContain('jobsweep_coordinated');
    expect(names).not.toContain('jobsweep_clock_skew_seconds');
  });

  test('name the version', async () => {
    const { metrics } = measured();
    const [info] = samplesOf(await metrics.metrics()).filter(({ name }) => name === 'jobsweep_runner_info');
    expect(info).toMatchObject({ labels: { version: expect.stringMatching(/^\d+\.\d+\.\d+/) }, value: 1 });
  });

  test('begin every counter at 0, so that its first event is seen', async () => {
    const { metrics } = measured();
    const zero = samplesOf(await metrics.metrics()).filter(({ value }) => value === 0);
    const seen = (name: string) => zero.filter((sample) => sample.name === `jobsweep_${name}`).length;
    expect({ turns: seen('turns_total'), passes: seen('passes_total'), items: seen('items_total') }).toEqual({
      turns: 4 * 13,
      passes: 4 * 9,
      items: 4 * 5,
    });
    expect(seen('errors_total')).toBe(ERROR_CODES.length + 1);
    expect(seen('leaked_resource_seconds_total')).toBe(3);
  });

  test('stay as many, whatever happens', async () => {
    const { emit, metrics } = measured();
    const count = async () => samplesOf(await metrics.metrics()).length;
    emit('pass:end', ended(STUCK));
    const before = await count();
    for (let job = 0; job < 100; job++) {
      const error = new JobsweepError('ROW_REJECTED', `Job ${job}`, { constraint: `fk_${job}` });
      emit('pass:start', { strategy: STUCK, claim: { lapsed: `host-${job}` } });
      emit('repaired', { strategy: STUCK, rows: [{ id: String(job) }], dueSeconds: [job] });
      emit('error', { strategy: STUCK, error });
      emit('pass:end', ended(STUCK, { error }));
    }
    expect(await count()).toBe(before);
  });

  test('are named as Prometheus asks: a unit or total at the end, and a help text', async () => {
    const { metrics } = measured({ inspect: { totals: () => new Promise(() => {}) } });
    const text = await metrics.metrics();
    metrics.close();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(types.length).toBeGreaterThan(20);
    for (const { name, type } of types) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z0-9].*\\.$`, 'm'));
      expect(name).toMatch(/^jobsweep_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });

  test('go to a registry of their own, or to yours, but never to the global one', async () => {
    const registry = new Registry();
    const { metrics } = measured({ registry });
    expect(metrics.registry).toBe(registry);
    expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await registry.metrics()).toContain('jobsweep_ready 1');
    expect(measured().metrics.registry).not.toBe(registry);
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  test('tell of the process only when asked', async () => {
    expect(await measured().metrics.metrics()).not.toContain('process_cpu');
    expect(await measured({ processMetrics: true }).metrics.metrics()).toContain('process_cpu_seconds_total');
  });

  test('stop with close, which may come twice', async () => {
    const { emit, metrics, values, isHeard } = measured();
    emit('pass:end', ended(STUCK));
    metrics.close();
    metrics.close();
    expect(isHeard()).toBe(false);
    emit('pass:end', ended(STUCK));
    expect(await values('turns_total')).toEqual({ [`${STUCK} done`]: 1 });
  });
});
