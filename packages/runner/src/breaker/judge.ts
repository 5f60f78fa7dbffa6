import type { BreakerFigures, Rule, StoreInspection, Totals } from '@jobsweep/core';
import { counted } from '../words/numbers.js';
import { type Words, wordsOf } from '../words/words.js';
import { type BreakerLimits, MAX_COUNT } from './limits.js';

/** What a breaker found. */
export interface Verdict extends BreakerFigures {
  /** All of it in a sentence, for logs and the history. */
  readonly figures: string;
}

/** Counting goes further only while it may still change the verdict. */
const COUNT_AT_MOST = [10_000, MAX_COUNT];

/**
 * Judges a pass by all that is due, not by its first page. Counts stop at a million: what lies beyond counts as if it
 * were not there, so that a share which cannot be told is taken for too large.
 */
export async function judge(
  inspect: Pick<StoreInspection, 'totals'>,
  rule: Rule,
  { minRows, maxShare }: Required<BreakerLimits>,
  signal: AbortSignal | undefined,
  words: Words['reasons'] = wordsOf().reasons,
): Promise<Verdict> {
  const steps = [minRows, ...COUNT_AT_MOST.filter((atMost) => atMost > minRows)];
  let found = inWords(rule, { due: 0, population: 0 }, minRows, maxShare, words);
  for (const atMost of steps) {
    const totals = await inspect.totals(rule, { atMost, signal });
    const { due, population } = totals;
    found = inWords(rule, totals, atMost, maxShare, words);
    if (due < minRows || due <= maxShare * population) return found;
    if (population < atMost) break;
  }
  return { ...found, isTripped: true };
}

function inWords(
  rule: Rule,
  { due, population }: Pick<Totals, 'due' | 'population'>,
  atMost: number,
  maxShare: number,
  words: Words['reasons'],
): Verdict {
  const [isCapped, isPopulationCapped] = [due >= atMost, population >= atMost];
  const shown = [counted(due, isCapped), counted(population, isPopulationCapped)] as const;
  const figures = words.figures(...shown, rule.name, Number((maxShare * 100).toFixed(1)));
  return { isTripped: false, due, isCapped, population, isPopulationCapped, maxShare, figures };
}
