import type { CleanupStrategy } from '@jobsweep/core';
import type { RunReport } from '../../turn/report.js';
import type { Opened } from '../context.js';

/**
 * The strategies whose pass found rows and changed none, of which some are due all the same: whoever runs this every day
 * would never hear of it. Rows that others held at the time are their business.
 */
export async function stuckStrategies(
  { store }: Pick<Opened, 'store'>,
  { strategies: reports }: RunReport,
  strategies: readonly CleanupStrategy<unknown>[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const stuck: string[] = [];
  for (const { name, pass } of reports) {
    const rule = strategies.find((strategy) => strategy.name === name)?.rule;
    if (rule === undefined || pass?.status !== 'done' || pass.stopReason === 'tripped') continue;
    if (pass.itemsFound === pass.itemsContended || pass.itemsCleaned + pass.itemsUnknown > 0) continue;
    const { due } = await store.inspect.totals(rule, { atMost: 1, signal });
    if (due > 0) stuck.push(name);
  }
  return stuck;
}
