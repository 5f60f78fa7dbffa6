import { runPass, Undo } from '@jobsweep/core';
import { withStore } from './adapters/adapter.js';
import type { Pair } from './adapters/pairs.js';
import { StateCount } from './check/state.js';
import { withDatabase } from './cluster/connection.js';
import { readAll } from './cluster/database.js';

const STRATEGY = 'stuck_job_cleanup';

/** What came back, and how the cluster is after it. */
export interface TakenBack {
  readonly rows: number;
  /** Rows that stayed, since they had moved on. */
  readonly left: number;
  readonly stuckJobs: number;
}

/**
 * Takes back the pass that failed stuck jobs, as `jobsweep undo` does: nobody else repairs anything here, so that nothing is
 * paused.
 *
 * @param at the time as of which jobs are stuck.
 */
export async function takeBack(pair: Pair, url: string, at: number, signal: AbortSignal): Promise<TakenBack> {
  const { rows, left } = await withStore(pair, url, async (store) => {
    const [entry] = await store.journal.read({ strategy: STRATEGY, repairedOnly: true, limit: 1, signal });
    if (entry?.pass == null) return { rows: 0, left: 0 };
    const undo = new Undo(store.changes, { pass: entry.pass, strategy: STRATEGY });
    const { error, itemsCleaned } = await runPass(store, undo, { pauseFraction: 0, onBatch: undo.settled, signal });
    if (error !== undefined) throw error;
    return { rows: itemsCleaned, left: undo.left.list().reduce((sum, each) => sum + each.rows, 0) };
  });
  const stuckJobs = await withDatabase(pair.database, url, signal, async (database) => {
    const count = new StateCount(at, { healthy: [], fresh: [], sibling: [], requeued: [] });
    for await (const page of readAll(database)) for (const holding of page) count.add(holding, false);
    return count.state.health.stuckJobs;
  });
  return { rows, left, stuckJobs };
}
