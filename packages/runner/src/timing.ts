import { setTimeout as delay } from 'node:timers/promises';
import type { PassTiming } from '@jobsweep/core';

/** How a runner measures and spends time; tests bring their own. */
export interface RunnerTiming extends PassTiming {
  /** This machine's clock, for people only: nothing is decided by it where the database tells the time. */
  now(): Date;
  /** At least 0 and below 1. */
  random(): number;
}

export const systemTiming: RunnerTiming = {
  nowMs: () => performance.now(),
  now: () => new Date(),
  random: () => Math.random(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal && { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};
