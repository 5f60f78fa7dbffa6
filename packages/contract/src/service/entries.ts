import type { PassEntry } from '@jobsweep/core';

/** A pass that did something, as a runner tells it. */
export const anEntry = (entry: Partial<PassEntry> = {}): PassEntry => ({
  config: 'main',
  strategy: 'stuck_job_cleanup',
  status: 'done',
  stopReason: 'drained',
  durationMs: 1500,
  dueMs: 84_000,
  longestDueMs: 30_000,
  itemsCleaned: 7,
  itemsFound: 12,
  itemsContended: 1,
  itemsPassedOver: 2,
  itemsBlocked: 1,
  itemsUnknown: 3,
  batches: 4,
  blocked: [],
  error: null,
  host: 'node-1',
  holder: 'node-1:4711',
  note: null,
  ...entry,
});
