import { setTimeout as delay } from 'node:timers/promises';

/** How a pass measures and spends time; tests bring their own. */
export interface PassTiming {
  /** Milliseconds that only ever grow. */
  nowMs(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` fires. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export const systemTiming: PassTiming = {
  nowMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal && { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};
