import {
  type CleanupStore,
  errorText,
  isJobsweepError,
  type PassEntry,
  type PassResult,
  type PlanSample,
} from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';
import { DueTimes } from '../turn/due-times.js';

const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_ROWS = 1000;
/** An hour's worth that no history outgrows, nor what its passes have changed. */
const MAX_PRUNES = { journal: 100, changes: 1000 } as const;

/** Keeps what passes did, and what they changed, no longer than it should be kept. */
export class History {
  private prunedAtMs: number | undefined;

  constructor(
    private readonly store: Pick<CleanupStore<never>, 'journal' | 'changes'>,
    private readonly settings: Keeper & Pick<RunnerSettings, 'historyDays' | 'changesDays' | 'timing'>,
  ) {}

  /** What is kept of a pass that only looked; `undefined`: nothing, since it found as many rows as the last entry says. */
  async newsOf(pass: PassResult, samples: readonly PlanSample[], signal: AbortSignal): Promise<PassEntry | undefined> {
    const { name: config } = this.settings;
    const [last] = await this.store.journal.read({ config, strategy: pass.name, limit: 1, signal });
    const before = last?.stopReason === 'observed' ? last.itemsFound : 0;
    return pass.itemsFound === before ? undefined : { ...entry(this.settings, pass, 'done', null), samples };
  }

  /** Deletes what is too old, at most once an hour. Several runners may do it at once: each deletes what is there. */
  async prune(signal: AbortSignal): Promise<void> {
    const { historyDays, changesDays, timing } = this.settings;
    const nowMs = timing.nowMs();
    if (this.prunedAtMs !== undefined && nowMs - this.prunedAtMs < PRUNE_EVERY_MS) return;
    this.prunedAtMs = nowMs;
    await this.pruneOne('journal', historyDays, signal);
    await this.pruneOne('changes', changesDays, signal);
  }

  private async pruneOne(which: keyof typeof MAX_PRUNES, maxAgeDays: number, signal: AbortSignal): Promise<void> {
    const { name: config } = this.settings;
    for (let count = 0; count < MAX_PRUNES[which] && !signal.aborted; count++) {
      const pruned = await this.store[which].prune({ config, maxAgeDays, limit: PRUNE_ROWS, signal });
      if (pruned < PRUNE_ROWS) return;
    }
  }
}

/** Whose passes are kept, and where they ran. */
type Keeper = Pick<RunnerSettings, 'name' | 'host' | 'holder'>;

/** What is kept of a pass; `undefined`: nothing. `due`: how long what it repaired had been due; default: nothing had. */
export function entryOf(
  keeper: Keeper,
  pass: PassResult,
  note: string | null,
  due = new DueTimes(),
): PassEntry | undefined {
  const { status } = pass;
  return status === 'skipped' || !isWorthKeeping(pass) ? undefined : entry(keeper, pass, status, note, due);
}

function entry(
  { name: config, host, holder }: Keeper,
  pass: PassResult,
  status: PassEntry['status'],
  note: string | null,
  due = new DueTimes(),
): PassEntry {
  const { error, name, itemsHolding: _, itemsUnconfirmed: __, place: ___, ...what } = pass;
  const code = isJobsweepError(error) ? error.code : null;
  const said = error === undefined ? null : { code, message: errorText(error) };
  return { ...what, ...due.entry, config, strategy: name, status, error: said, host, holder, note };
}

/** Whether a pass belongs into the history: it found something, or did not come to its end. One that only looked is for `newsOf`. */
function isWorthKeeping({ status, stopReason, itemsFound }: PassResult): boolean {
  if (stopReason === 'observed') return false;
  return status === 'failed' || itemsFound > 0 || !['drained', 'aborted'].includes(stopReason);
}
