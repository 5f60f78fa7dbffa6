import type { CleanupStrategy } from '@jobsweep/core';
import { countHolding } from '../../turn/holding.js';
import type { RunReport, StrategyReport } from '../../turn/report.js';
import type { Opened } from '../context.js';

/** A report of `jobsweep run`. */
export interface LookedAtReport extends StrategyReport {
  /** Rows are due, and the pass changed none: whoever runs this every day would never hear of it. */
  readonly isStuck: boolean;
}

/** Looks at what strategies that changed nothing have left, if they had a pass. */
export async function lookAtWhatIsLeft(
  { store }: Pick<Opened, 'store'>,
  report: RunReport,
  strategies: readonly CleanupStrategy<unknown>[],
  signal: AbortSignal,
): Promise<LookedAtReport[]> {
  const looked: LookedAtReport[] = [];
  for (const one of report.strategies) {
    const strategy = strategies.find(({ name }) => name === one.name);
    looked.push(strategy && !signal.aborted ? await look(store, strategy, one, signal) : { ...one, isStuck: false });
  }
  return looked;
}

async function look(
  store: Opened['store'],
  strategy: CleanupStrategy<unknown>,
  report: StrategyReport,
  signal: AbortSignal,
): Promise<LookedAtReport> {
  const { pass } = report;
  const { rule } = strategy;
  const isOver = report.status === 'done' || report.status === 'skipped';
  if (rule === undefined || pass === undefined || !isOver || pass.itemsCleaned + pass.itemsUnknown > 0) {
    return { ...report, isStuck: false };
  }
  const holding = await countHolding(store, strategy, signal);
  const seen = { ...report, ...(holding !== undefined && { holding }) };
  if (holding !== undefined && holding > 0) return { ...seen, isStuck: true };
  // Rows that others held at the time are their business, and the host has spoken of those that it did not confirm.
  if (pass.itemsFound === pass.itemsContended + pass.itemsUnconfirmed) return { ...seen, isStuck: false };
  const { due } = await store.inspect.totals(rule, { atMost: 1, signal });
  return { ...seen, isStuck: due > 0 };
}
