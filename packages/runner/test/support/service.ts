import type { CleanupStore } from '@jobsweep/core';
import { type MemorySession, memoryStore } from '@jobsweep/core/memory';
import { createRunner, type Runner, type RunnerOptions } from '../../src/index.js';
import { aStrategy, type FakeStrategyOptions, recordingLogger } from './fakes.js';
import { ManualTime, TimedDatabase } from './manual-time.js';

/** A database in memory with its own tables, time that a test moves, and runners on both. */
export async function aService({ ownTables = true } = {}) {
  const time = new ManualTime();
  const database = new TimedDatabase(time);
  const store = memoryStore(database);
  if (ownTables) await store.ownTables.create();
  const logger = recordingLogger();
  const create = (options: Partial<RunnerOptions<MemorySession>> = {}): Runner =>
    createRunner({ store, timing: time, logger, jitter: 0, ...options });
  return { time, database, store, logger, create };
}

/** A strategy that writes down when its turns begin, in seconds. */
export function timed(name: string, time: ManualTime, options: FakeStrategyOptions & { readonly every?: number } = {}) {
  const { every = 60, ...rest } = options;
  const turns: number[] = [];
  const onTurn = async () => {
    turns.push(time.ms / 1000);
    await rest.onTurn?.();
  };
  const strategy = aStrategy<MemorySession>(name, { due: 0, ...rest, onTurn });
  return { turns, strategy: { ...strategy, intervalSeconds: every } };
}

/** A promise that a test keeps. */
export function promised() {
  let keep = () => {};
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { kept, keep };
}

/** The store with some of its parts replaced. */
export function withParts<Session>(
  store: CleanupStore<Session>,
  parts: Partial<CleanupStore<Session>>,
): CleanupStore<Session> {
  return { ...store, ...parts };
}
