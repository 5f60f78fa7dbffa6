import type { CleanupStrategy } from '@jobsweep/core';
import { leftOut, type Selection } from '../../round/selection.js';
import { closestWord } from '../../words/suggest.js';
import type { Words } from '../../words/words.js';
import { UsageError } from '../exit.js';

/** Those that were named, in the order of their turns; all when none was. Throws `UsageError` for one that is not there. */
export function named<Named extends { readonly name: string }>(
  all: readonly Named[],
  names: readonly string[],
  words: Words['failures'],
): Named[] {
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const meant = closestWord(unknown, known);
    const hint = meant === undefined ? words.useOneOf(known.join(', ')) : words.didYouMean(meant);
    throw new UsageError(`${words.noStrategy(unknown)}${hint}`);
  }
  return all.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** The strategies that a round is about. Throws `UsageError` for a name that is not there. */
export function takingPart(
  strategies: readonly CleanupStrategy<unknown>[],
  selection: Selection,
  words: Words,
): readonly CleanupStrategy<unknown>[] {
  named(strategies, selection.only ?? [], words.failures);
  return strategies.filter((strategy) => leftOut(strategy, selection, words.reasons) === undefined);
}
