import { describe, expect, it, vi } from 'vitest';
import { pageOf, passOver, someJobs } from '../support.js';

/** A pass in which every batch takes 200 ms. */
function slowPassOver(rows = someJobs(7)) {
  const pass = passOver(rows);
  pass.repository.getStuckJobs.mockImplementation(async (_session, _hours, page) => {
    pass.timing.ms += 150;
    return pageOf(rows, page);
  });
  pass.repository.markJobsAsFailed.mockImplementation(async (_session, jobs) => {
    pass.timing.ms += 50;
    return [...jobs];
  });
  return pass;
}

describe('between batches', () => {
  it('the database gets half of the time that the last batch took', async () => {
    const { run, timing } = slowPassOver();
    timing.ms = 5000;
    const result = await run({ batchRows: 3 });
    expect(timing.slept).toEqual([100, 100]);
    expect(result.durationMs).toBe(3 * 200 + 2 * 100);
  });

  it.each([
    [2, [400, 400]],
    [0, [0, 0]],
  ])('it gets %d times as much when told so', async (pauseFraction, slept) => {
    const { run, timing } = slowPassOver();
    await run({ batchRows: 3, pauseFraction });
    expect(timing.slept).toEqual(slept);
  });

  it('the pause ends with the time of the pass', async () => {
    const { run, timing } = slowPassOver();
    const result = await run({ batchRows: 3, pauseFraction: 100, timeoutSeconds: 1 });
    expect(timing.slept).toEqual([800]);
    expect(result).toMatchObject({ stopReason: 'timeout', itemsCleaned: 3, durationMs: 1000 });
  });

  it('the pause is told of the signal that ends it', async () => {
    const { run, timing } = slowPassOver();
    const { signal } = new AbortController();
    const sleep = vi.fn();
    await run({ batchRows: 3, signal, timing: { nowMs: timing.nowMs, sleep } });
    expect(sleep.mock.calls).toEqual([
      [100, signal],
      [100, signal],
    ]);
  });
});

describe('nothing is paused', () => {
  it('after the last batch', async () => {
    const { run, timing } = slowPassOver(someJobs(2));
    await run();
    expect(timing.slept).toEqual([]);
  });

  it('when rows or time are used up', async () => {
    const byRows = slowPassOver();
    await byRows.run({ batchRows: 3, maxRows: 3 });
    expect(byRows.timing.slept).toEqual([]);
    const byTime = slowPassOver();
    await byTime.run({ batchRows: 3, timeoutSeconds: 0.2 });
    expect(byTime.timing.slept).toEqual([]);
  });
});
