import type { CleanupStrategy } from '@jobsweep/core';
import { leftOut, type Selection } from '../../round/selection.js';
import type { Words } from '../../words/words.js';
import { named } from '../commands/selection.js';

/** The strategies that a round is about. Throws `UsageError` for a name that is not there. */
export function takingPart(
  strategies: readonly CleanupStrategy<unknown>[],
  selection: Selection,
  words: Words,
): readonly CleanupStrategy<unknown>[] {
  named(strategies, selection.only ?? [], words.failures);
  return strategies.filter((strategy) => leftOut(strategy, selection, words.reasons) === undefined);
}
