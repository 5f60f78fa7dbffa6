import type { CleanupStrategy } from '@jobsweep/core';
import { leftOut, type Selection } from '../selection.js';
import { named } from './commands/selection.js';

/** The strategies that a round is about. Throws `UsageError` for a name that is not there. */
export function takingPart(
  strategies: readonly CleanupStrategy<unknown>[],
  selection: Selection,
): readonly CleanupStrategy<unknown>[] {
  named(strategies, selection.only ?? []);
  return strategies.filter((strategy) => leftOut(strategy, selection) === undefined);
}
