import type { DependentCount, Totals } from '@jobsweep/core';

/** Totals whose counts say where counting stopped: "this many or more". */
export interface CountedTotals {
  readonly due: number;
  readonly isCapped: boolean;
  readonly population: number;
  readonly isPopulationCapped: boolean;
  readonly oldestAgeSeconds: number | null;
  /** There may be an older one: it is of the rows that were counted. */
  readonly isOldestCapped: boolean;
  readonly undated: number;
  readonly isUndatedCapped: boolean;
  /** Due jobs that still hold an allocation; absent: as in `Totals`. */
  readonly holding?: number;
  /** What goes with the first due jobs; absent: as in `Totals`. */
  readonly dependents?: readonly DependentCount[];
}

/** Totals that were counted up to `atMost`, with a flag for each that reached it. */
export function countedTotals({ holding, dependents, ...totals }: Totals, rule: string, atMost: number): CountedTotals {
  const { due, population, oldestAgeSeconds, undated } = totals;
  const isCapped = due >= atMost;
  return {
    due,
    isCapped,
    population,
    isPopulationCapped: population >= atMost,
    oldestAgeSeconds,
    // The other rules are counted from the oldest on.
    isOldestCapped: isCapped && oldestAgeSeconds !== null && rule === 'completed_job_cleanup',
    undated,
    isUndatedCapped: undated >= atMost,
    ...(holding !== undefined && { holding }),
    ...(dependents !== undefined && { dependents }),
  };
}
