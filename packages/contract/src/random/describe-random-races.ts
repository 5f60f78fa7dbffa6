import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import type { RaceOptions } from './rules.js';
import { type RandomRacesReport, runRandomRaces } from './run-random-races.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What a randomised race came to, for the table of a long run. */
    races?: RandomRacesReport;
  }
}

/** A long run is given time by its size. */
const TIMEOUT_MS = 60_000;
const TIMEOUT_MS_EACH = 200;

const RUNS: readonly (RaceOptions & { readonly what: string; readonly seed: number })[] = [
  {
    what: 'the strategies overwrite no finished job, release nothing live, repair every row once, and leave none',
    seed: 1,
  },
  {
    what: 'they give jobs back once a run, as long as these have tries, and all that the jobs hold with them',
    seed: 2,
    givesBack: true,
    ofWaiting: true,
  },
  {
    what: 'they never delete the newest of a group, and fail what waits with nothing but an old reservation',
    seed: 3,
    ofWaiting: true,
    keepNewest: 2,
  },
];

export function describeRandomRaces<Session extends object>(
  cluster: ClusterUnderTest<Session>,
  interleavings: number,
): void {
  describe('while an application of many workers claims, runs, finishes, releases and queues again', () => {
    for (const { what, ...run } of RUNS) {
      test(what, { timeout: TIMEOUT_MS + interleavings * TIMEOUT_MS_EACH }, async ({ task }) => {
        const report = await runRandomRaces(cluster, { interleavings, ...run });
        task.meta.races = report;
        expect(report.violations, told(report.violations)).toEqual([]);
        expect(report.leftDue, told(report.leftDue)).toEqual([]);
        expect(report.repaired).toBeGreaterThan(0);
      });
    }
  });
}

/** What went wrong, for those who see nothing but the first line of a failure. */
const told = (lines: readonly string[]): string => lines.slice(0, 3).join('; ');
