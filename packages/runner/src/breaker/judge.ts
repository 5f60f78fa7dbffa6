import type { Rule, StoreInspection, Totals } from '@jobsweep/core';
import { type BreakerLimits, MAX_COUNT } from './limits.js';

/** What a breaker found: `figures` is for people. */
export interface Verdict {
  readonly isTripped: boolean;
  readonly figures: string;
}

/** Counting goes further only while it may still change the verdict. */
const COUNT_AT_MOST = [10_000, MAX_COUNT];

const POPULATION: Record<Rule['name'], string> = {
  completed_job_cleanup: 'unreleased allocations',
  stale_reservation_cleanup: 'RUNNING jobs',
  stuck_job_cleanup: 'RUNNING jobs',
  old_job_cleanup: 'finished jobs',
};

/**
 * Judges a pass by all that is due, not by its first page. Counts stop at a million: what lies beyond counts as if it
 * were not there, so that a share which cannot be told is taken for too large.
 */
export async function judge(
  inspect: Pick<StoreInspection, 'totals'>,
  rule: Rule,
  { minRows, maxShare }: Required<BreakerLimits>,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  const steps = [minRows, ...COUNT_AT_MOST.filter((atMost) => atMost > minRows)];
  let figures = '';
  for (const atMost of steps) {
    const totals = await inspect.totals(rule, { atMost, signal });
    const { due, population } = totals;
    figures = inWords(rule, totals, atMost, maxShare);
    if (due < minRows || due <= maxShare * population) return { isTripped: false, figures };
    if (population < atMost) break;
  }
  return { isTripped: true, figures };
}

function inWords(rule: Rule, { due, population }: Totals, atMost: number, maxShare: number): string {
  const shown = (count: number) => (count < atMost ? String(count) : `${atMost}+`);
  const allowed = Number((maxShare * 100).toFixed(1));
  return `${shown(due)} of ${shown(population)} ${POPULATION[rule.name]} are due, and ${allowed} % may be`;
}
