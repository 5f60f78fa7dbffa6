import type { CleanupStore, Logger } from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';
import { Coordination } from './coordination.js';
import { DatabaseClock } from './database-clock.js';
import type { Ruled } from './fitting-schema.js';
import { Opening } from './opening.js';
import { Readiness } from './readiness.js';
import { Warnings } from './warnings.js';

/** The database as a runner sees it. */
export interface Connection<Session> {
  readonly store: CleanupStore<Session>;
  readonly clock: DatabaseClock;
  readonly readiness: Readiness;
  readonly coordination: Coordination;
  readonly opening: Opening;
}

/** Nothing is known of the database yet, and it is not asked. */
export function connectionTo<Session>(
  store: CleanupStore<Session>,
  strategies: readonly Ruled[],
  { timing, claims }: Pick<RunnerSettings, 'timing' | 'claims'>,
  logger: Logger,
): Connection<Session> {
  const coordination = new Coordination(store, claims, logger);
  return {
    store,
    clock: new DatabaseClock(timing),
    readiness: new Readiness(logger, timing),
    coordination,
    opening: new Opening(store, strategies, coordination, new Warnings(store, logger)),
  };
}
