import { errorText, isJobsweepError, type Journal, type PassEntry, type PassResult } from '@jobsweep/core';
import type { RunnerSettings } from '../settings.js';

const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_ROWS = 1000;
/** An hour's worth that no history outgrows. */
const MAX_PRUNES = 100;

/** Keeps what passes did, and only as long as it should be kept. */
export class History {
  private prunedAtMs: number | undefined;

  constructor(
    private readonly journal: Journal,
    private readonly settings: Pick<RunnerSettings, 'name' | 'host' | 'holder' | 'historyDays' | 'timing'>,
  ) {}

  /** What is kept of a pass; `undefined`: nothing. */
  entryOf(pass: PassResult, note: string | null): PassEntry | undefined {
    const { status, error, name, itemsHolding: _, itemsUnconfirmed: __, place: ___, ...what } = pass;
    if (status === 'skipped' || !isWorthKeeping(pass)) return undefined;
    const { name: config, host, holder } = this.settings;
    const code = isJobsweepError(error) ? error.code : null;
    const said = error === undefined ? null : { code, message: errorText(error) };
    return { ...what, config, strategy: name, status, error: said, host, holder, note };
  }

  /** Deletes what is too old, at most once an hour. Several runners may do it at once: each deletes what is there. */
  async prune(signal: AbortSignal): Promise<void> {
    const { name: config, historyDays, timing } = this.settings;
    const nowMs = timing.nowMs();
    if (this.prunedAtMs !== undefined && nowMs - this.prunedAtMs < PRUNE_EVERY_MS) return;
    this.prunedAtMs = nowMs;
    for (let count = 0; count < MAX_PRUNES && !signal.aborted; count++) {
      const pruned = await this.journal.prune({ config, maxAgeDays: historyDays, limit: PRUNE_ROWS, signal });
      if (pruned < PRUNE_ROWS) return;
    }
  }
}

/** Whether a pass belongs into the history: it found something, or did not come to its end. */
function isWorthKeeping({ status, stopReason, itemsFound }: PassResult): boolean {
  return status === 'failed' || itemsFound > 0 || !['drained', 'aborted'].includes(stopReason);
}
