import { type CleanupStore, JobsweepError, retryOf } from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';
import type { RunnerTiming } from '../timing.js';
import { backoffMs } from './backoff.js';
import type { Coordination } from './coordination.js';
import type { DatabaseClock } from './database-clock.js';
import { openTurns } from './open-turns.js';
import type { Opening } from './opening.js';
import type { Readiness } from './readiness.js';

/** What it takes to see whether the database is there, and can work. */
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
 * Asks the database for its time and whether it takes writes, and on the first success all that must be known before
 * anything runs. Resolves with the strategies whose last turn is still open. Rejects with `SERVER_UNAVAILABLE` where it
 * takes none.
 */
export async function connect<Session>(
  { store, clock, opening, coordination, readiness, settings }: ConnectParts<Session>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { now, isWritable } = await store.inspect.server({ signal });
  clock.note(now);
  if (!isWritable) throw new JobsweepError('SERVER_UNAVAILABLE', READ_ONLY);
  await opening.requireAll();
  const open = await openTurns(store, coordination, settings.name, signal);
  readiness.answered();
  return open;
}

const READ_ONLY =
  'The server takes no writes: it is a standby, or was set to read-only. Connect to the one that takes them, or wait until this one does.';

/**
 * Asks again, ever more seldom, until the database answers and can work, or the signal fires. Resolves as `connect` does;
 * with none when the signal fired.
 */
export async function reconnect<Session>(
  parts: ConnectParts<Session>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<ReadonlySet<string>> {
  const { readiness, timing } = parts;
  const isOver = () => signal.aborted;
  readiness.isAsking = true;
  for (let attempt = 0; !isOver(); attempt++) {
    await timing.sleep(backoffMs(attempt, timing), signal);
    if (isOver()) break;
    try {
      const open = await connect(parts, signal);
      readiness.isAsking = false;
      return open;
    } catch (error) {
      if (isOver()) break;
      if (retryOf(error) === 'never') readiness.refused(error);
      else readiness.lost(error);
      onError(error);
    }
  }
  readiness.isAsking = false;
  return new Set();
}
