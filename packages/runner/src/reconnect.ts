import type { CleanupStore } from '@jobsweep/core';
import { backoffMs } from './backoff.js';
import type { Coordination } from './coordination.js';
import type { DatabaseClock } from './database-clock.js';
import { openTurns } from './open-turns.js';
import type { Opening } from './opening.js';
import { isConnectionLoss, type Readiness } from './readiness.js';
import type { RunnerSettings } from './settings.js';
import type { RunnerTiming } from './timing.js';

/** What it takes to see whether the database is there. */
export interface ConnectParts<Session> {
  readonly store: CleanupStore<Session>;
  readonly clock: DatabaseClock;
  readonly opening: Opening;
  readonly coordination: Coordination;
  readonly readiness: Readiness;
  readonly timing: RunnerTiming;
  readonly settings: Pick<RunnerSettings, 'name'>;
}

/**
 * Asks the database for its time, and on the first success all that must be known before anything runs. Resolves with the
 * strategies whose last turn is still open.
 */
export async function connect<Session>(
  { store, clock, opening, coordination, readiness, settings }: ConnectParts<Session>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  clock.note((await store.inspect.server({ signal })).now);
  await opening.requireAll();
  const open = await openTurns(store, coordination, settings.name, signal);
  readiness.answered();
  return open;
}

/**
 * Asks again, ever more seldom, until the database answers or the signal fires. Resolves as `connect` does; with none when
 * the signal fired.
 */
export async function reconnect<Session>(
  parts: ConnectParts<Session>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<ReadonlySet<string>> {
  const { readiness, timing } = parts;
  const isOver = () => signal.aborted;
  for (let attempt = 0; !isOver(); attempt++) {
    await timing.sleep(backoffMs(attempt, timing), signal);
    if (isOver()) break;
    try {
      return await connect(parts, signal);
    } catch (error) {
      if (isOver()) break;
      if (isConnectionLoss(error)) readiness.lost(error);
      else readiness.refused(error);
      onError(error);
    }
  }
  return new Set();
}
