import { describe, expect, it } from 'vitest';
import { systemTiming } from '../../src/pass/timing.js';

const AN_HOUR = 3_600_000;

describe('the time of this machine', () => {
  it('only grows', () => {
    const first = systemTiming.nowMs();
    expect(systemTiming.nowMs()).toBeGreaterThanOrEqual(first);
  });

  it('can be slept away', async () => {
    await expect(systemTiming.sleep(0, undefined)).resolves.toBeUndefined();
    await expect(systemTiming.sleep(0, new AbortController().signal)).resolves.toBeUndefined();
  });

  it('is not slept away once the signal has fired', async () => {
    await expect(systemTiming.sleep(AN_HOUR, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('is woken from by the signal', async () => {
    const controller = new AbortController();
    const sleeping = systemTiming.sleep(AN_HOUR, controller.signal);
    controller.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });
});
