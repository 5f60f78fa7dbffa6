import { createStrategies, USUAL_STRATEGY_NAMES } from '@jobsweep/core';
import { describe, expect, test } from 'vitest';
import { createRunner } from '../../src/index.js';
import { aStrategy, fakeStore } from '../support/fakes.js';
import { reasons, statuses } from '../support/reports.js';

const { store } = fakeStore();

function aRunner() {
  return createRunner({
    store,
    strategies: [
      aStrategy('usual', { tags: ['critical'] }),
      aStrategy('optional', { tags: ['critical', 'slow'], enabledByDefault: false }),
      aStrategy('chosen', { tags: ['slow'], enabledByDefault: false, enabled: true }),
      aStrategy('off', { tags: ['slow'], enabled: false }),
    ],
  });
}

describe('A round', () => {
  test('runs what is on by default or switched on', async () => {
    expect(statuses(await aRunner().runOnce())).toEqual({
      ...{ usual: 'done', chosen: 'done' },
      ...{ optional: 'disabled', off: 'disabled' },
    });
  });

  test('says why the others stay out', async () => {
    expect(reasons(await aRunner().runOnce())).toEqual({
      usual: undefined,
      chosen: undefined,
      optional: 'Off by default: set `enabled: true`, or name it in `only`',
      off: 'Switched off by `enabled: false`',
    });
  });

  test('runs only those named in `only`, also one that is off by default', async () => {
    expect(statuses(await aRunner().runOnce({ only: ['optional'] }))).toEqual({
      ...{ usual: 'filtered', chosen: 'filtered' },
      ...{ optional: 'done', off: 'filtered' },
    });
  });

  test('never runs one that is switched off, even when it is named', async () => {
    expect(statuses(await aRunner().runOnce({ only: ['off'] })).off).toBe('disabled');
  });

  test('runs only those with one of the `tags`, and leaves those that are off', async () => {
    expect(statuses(await aRunner().runOnce({ tags: ['slow'] }))).toEqual({
      ...{ usual: 'filtered', chosen: 'done' },
      ...{ optional: 'disabled', off: 'disabled' },
    });
    expect(reasons(await aRunner().runOnce({ tags: ['slow'] })).usual).toBe('Has none of the `tags`');
  });

  test('takes those that fit both `only` and `tags`', async () => {
    expect(statuses(await aRunner().runOnce({ only: ['usual', 'chosen'], tags: ['slow'] }))).toMatchObject({
      ...{ usual: 'filtered', chosen: 'done' },
    });
  });

  test('runs nothing for an empty `only`, and is fine with that', async () => {
    const report = await aRunner().runOnce({ only: [] });
    expect(new Set(Object.values(statuses(report)))).toEqual(new Set(['filtered']));
    expect(report.ok).toBe(true);
  });

  test('rejects a name or tag that fits nothing, with what would, before it does anything', async () => {
    const { store, transactions } = fakeStore();
    const runner = createRunner({ store, strategies: [aStrategy('a', { tags: ['t'] }), aStrategy('b')] });
    await expect(runner.runOnce({ only: ['a', 'x'] })).rejects.toMatchObject({
      code: 'UNKNOWN_STRATEGY',
      message: 'There is no strategy x. Use one of a, b.',
    });
    await expect(runner.runOnce({ tags: ['u'] })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "tags is 'u': use one of t.",
    });
    expect(transactions).toEqual([]);
  });
});

describe('old_job_cleanup', () => {
  const nothingDue = {
    countCompletedJobsWithUnreleasedResources: async () => 0,
    countStaleReservations: async () => 0,
    getStuckJobs: async () => [],
    getOldJobs: async () => [],
  };
  const emptyStore = {
    ...store,
    capabilities: { ...store.capabilities, strategies: USUAL_STRATEGY_NAMES },
    repository: nothingDue as unknown as typeof store.repository,
  };

  test('is off unless asked for', async () => {
    const report = await createRunner({ store: emptyStore }).runOnce();
    expect(statuses(report)).toEqual({
      completed_job_cleanup: 'skipped',
      stale_reservation_cleanup: 'skipped',
      stuck_job_cleanup: 'skipped',
      old_job_cleanup: 'disabled',
      orphaned_allocation_cleanup: 'disabled',
    });
  });

  test('runs when it is named', async () => {
    const report = await createRunner({ store: emptyStore }).runOnce({ only: ['old_job_cleanup'] });
    expect(statuses(report).old_job_cleanup).toBe('skipped');
  });

  test('runs when it is switched on', async () => {
    const strategies = createStrategies(emptyStore, { old_job_cleanup: { enabled: true } });
    const report = await createRunner({ store: emptyStore, strategies }).runOnce();
    expect(statuses(report).old_job_cleanup).toBe('skipped');
  });

  test('stays off when only its tag is asked for', async () => {
    const report = await createRunner({ store: emptyStore }).runOnce({ tags: ['optional'] });
    expect(statuses(report).old_job_cleanup).toBe('disabled');
  });
});
