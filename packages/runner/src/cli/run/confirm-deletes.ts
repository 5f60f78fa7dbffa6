import type { CleanupStrategy } from '@jobsweep/core';
import { counted } from '../../words/numbers.js';
import { confirmed } from '../confirmed.js';
import type { Context, Opened } from '../context.js';
import { rowsOf } from '../output/plan.js';

const DEFAULT_ABOVE = 1000;
const COUNT_AT_MOST = 1_000_000;

/** What the command line says about it. */
interface AskingOptions {
  /** Do not ask. */
  readonly yes?: true;
  /** Nobody can be asked. */
  readonly json?: true;
  /** Rows that one pass may change. */
  readonly maxRows?: number;
}

/**
 * Whether a round may delete what it would delete. Asks on a terminal when that is many jobs; elsewhere throws
 * `UsageError`, since nobody is there to be asked.
 */
export async function confirmDeletes(
  context: Context,
  { store, config }: Opened,
  { yes, maxRows = Number.POSITIVE_INFINITY, json }: AskingOptions,
  taking: readonly CleanupStrategy<unknown>[],
): Promise<boolean> {
  const { output, signal } = context;
  const words = output.words.run;
  const purge = taking.find(({ rule }) => rule?.name === 'old_job_cleanup');
  const above = config.runner?.confirmDeletesAbove ?? DEFAULT_ABOVE;
  if (yes || purge?.rule === undefined || maxRows <= above) return true;
  const atMost = Math.max(above + 1, COUNT_AT_MOST);
  const asked = { atMost, holding: true, dependents: true, signal };
  const { due, holding = 0, dependents = [] } = await store.inspect.totals(purge.rule, asked);
  // What the jobs hold may be released before the purge comes, in this very round.
  const isReleasing = taking.some(({ rule }) => rule?.name === 'completed_job_cleanup');
  const stays = isReleasing ? 0 : holding;
  const many = Math.min(due - stays, maxRows);
  if (many <= above) return true;

  const shown = counted(many, due >= atMost && many < maxRows);
  return confirmed(context, {
    ...{ json, question: words.confirm(purge.name, shown, rowsOf(dependents)) },
    nobodyToAsk: words.nobodyToAsk(purge.name, shown, counted(above)),
  });
}
