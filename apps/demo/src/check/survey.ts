import { type Readable, readAll } from '../cluster/database.js';
import type { Survivors } from '../damage/apply.js';
import type { Snapshot } from './snapshot.js';
import { type State, StateCount } from './state.js';

/**
 * Reads every row before the pass: into the snapshot, and into counts as of `at`. `onJobs` hears how many jobs were
 * read so far.
 */
export async function survey(
  database: Readable,
  snapshot: Snapshot,
  survivors: Survivors,
  at: number,
  onJobs?: (jobs: number) => void,
): Promise<State> {
  const count = new StateCount(at, survivors);
  for await (const page of readAll(database, onJobs)) {
    await snapshot.add(page);
    for (const holding of page) count.add(holding, true);
  }
  return count.state;
}
