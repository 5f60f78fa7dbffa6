import { type HistoryEntry, PLAN_AT_MOST } from '@jobsweep/core';
import { counted } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import type { Output } from './output.js';
import { wrap } from './wrap.js';

type Observed = Pick<HistoryEntry, 'itemsFound' | 'samples'>;

/** Counting has stopped there: there may be more. */
const isCapped = ({ itemsFound }: Observed): boolean => itemsFound >= PLAN_AT_MOST;

/** What a strategy that observes would have done, in a note of the history. */
export const observedInWords = (entry: Observed, words: Words['history']): string =>
  words.observed(counted(entry.itemsFound, isCapped(entry)), entry.itemsFound === 1, entry.samples[0]?.description);

/** The same with all rows that were kept of it. */
export function sayObserved(output: Output, entry: Observed): void {
  const { itemsFound, samples } = entry;
  const { history, plan } = output.words;
  output.say(history.onlyLooked(counted(itemsFound, isCapped(entry)), itemsFound === 1));
  for (const { description } of samples) output.say(wrap(description, output.width, '  '));
  const more = itemsFound - samples.length;
  if (more > 0) output.say(output.style('dim', `  ${plan.more(counted(more, isCapped(entry)))}`));
}
