import { type Readable, readAll } from '../cluster/database.js';
import type { Survivors } from '../damage/apply.js';
import { isSame, judge, type PassWindow, type Violation } from './judge.js';
import { pairsOf } from './pairs.js';
import type { Snapshot } from './snapshot.js';
import { type State, StateCount } from './state.js';

export interface UntouchedResult {
  /** Every row outside the rules is as before in every column, and those inside changed only as their rule says. */
  readonly untouched: boolean;
  /** Rows that were compared. */
  readonly compared: number;
  readonly violations: number;
  /** The first of the violations. */
  readonly first: readonly Violation[];
}

const SHOWN = 3;

/**
 * Reads every row after the pass, and compares it with the snapshot. `onJobs` hears how many jobs were read so far.
 * The state is as of the start of the pass.
 */
export async function checkUntouched(
  database: Readable,
  snapshot: Snapshot,
  survivors: Survivors,
  pass: PassWindow,
  onJobs?: (jobs: number) => void,
): Promise<{ readonly state: State; readonly untouched: UntouchedResult }> {
  const count = new StateCount(pass.startedAt, survivors);
  let [compared, violations] = [0, 0];
  const first: Record<Violation['table'], Violation[]> = { jobs: [], resource_allocations: [] };
  for await (const [was, is] of pairsOf(snapshot.read(), readAll(database, onJobs))) {
    compared += (was.job === undefined ? 0 : 1) + was.allocations.length;
    for (const violation of judge(was, is, pass)) {
      violations += 1;
      if (first[violation.table].length < SHOWN) first[violation.table].push(violation);
    }
    count.add(is, isSame(was, is));
  }
  const shown = [...first.jobs, ...first.resource_allocations].slice(0, SHOWN);
  return { state: count.state, untouched: { untouched: violations === 0, compared, violations, first: shown } };
}
