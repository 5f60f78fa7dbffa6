import { JobsweepError, retryOf } from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';
import { backoffMs } from './backoff.js';
import type { Connection } from './connection.js';
import type { Intended } from './fitting-schema.js';
import { openTurns } from './open-turns.js';

/** Whose turns are to come. */
export interface Turned extends Intended {
  /** The name of the config. */
  readonly name: string;
}

/**
 * Asks the database for its time and whether it takes writes, and on the first success all that must be known before
 * anything runs. Resolves with the strategies whose last turn is still open. Rejects with `SERVER_UNAVAILABLE` where it
 * takes none.
 */
export async function connect<Session>(
  { store, clock, opening, coordination, readiness }: Connection<Session>,
  turned: Turned,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { now, isWritable } = await store.inspect.server({ signal });
  clock.note(now);
  if (!isWritable) throw new JobsweepError('SERVER_UNAVAILABLE', READ_ONLY);
  await opening.requireAll(turned);
  const open = await openTurns(store, coordination, turned.name, signal);
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
  connection: Connection<Session>,
  turned: Turned,
  timing: RunnerSettings['timing'],
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<ReadonlySet<string>> {
  const { readiness } = connection;
  const isOver = () => signal.aborted;
  readiness.isAsking = true;
  try {
    for (let attempt = 0; !isOver(); attempt++) {
      await timing.sleep(backoffMs(attempt, timing), signal);
      if (isOver()) break;
      try {
        return await connect(connection, turned, signal);
      } catch (error) {
        if (isOver()) break;
        if (retryOf(error) === 'never') readiness.refused(error);
        else readiness.lost(error);
        onError(error);
      }
    }
    return new Set();
  } finally {
    readiness.isAsking = false;
  }
}
