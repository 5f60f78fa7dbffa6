import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 15;

/** Asks again and again until there is an answer; `undefined` when none came within the time. */
export async function poll<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<T | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined || performance.now() > deadline) return answer;
    await delay(POLL_MS, undefined, { signal: options.signal });
  }
}
