import { ANSWER_SECONDS, Deadline } from '@jobsweep/core';

/** What a command outside of a transaction of the store gives. Rejects with `CONNECTION_LOST` when nobody answers. */
export async function answered<Result>(command: Promise<Result>, maxTimeMs: number): Promise<Result> {
  const deadline = new Deadline({ limitSeconds: maxTimeMs / 1000 });
  return deadline.answered(() => command).finally(() => deadline.end());
}

/** A little later than the deadline, so that it says what happened. */
const MARGIN_MS = 1000;

/**
 * Bounds of one command: by the server, and, so that a connection on which nobody answers is destroyed, by the driver.
 * The latter is an option of its commands that its types leave out.
 */
export function bounds(maxTimeMs: number): { readonly maxTimeMS: number } {
  return { maxTimeMS: maxTimeMs, ...{ socketTimeoutMS: maxTimeMs + ANSWER_SECONDS * 1000 + MARGIN_MS } };
}
