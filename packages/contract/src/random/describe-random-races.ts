import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
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

export function describeRandomRaces<Session extends object>(
  cluster: ClusterUnderTest<Session>,
  interleavings: number,
): void {
  describe('while an application of many workers claims, runs, finishes, releases and queues again', () => {
    test('the strategies overwrite no finished job, release nothing live, repair every row once, and leave none', {
      timeout: TIMEOUT_MS + interleavings * TIMEOUT_MS_EACH,
    }, async ({ task }) => {
      const report = await runRandomRaces(cluster, { interleavings, seed: 1 });
      task.meta.races = report;
      expect(report.violations, told(report.violations)).toEqual([]);
      expect(report.leftDue, told(report.leftDue)).toEqual([]);
      expect(report.repaired).toBeGreaterThan(0);
    });

    test('they give jobs back once a run, as long as these have tries, and all that the jobs hold with them', {
      timeout: TIMEOUT_MS + interleavings * TIMEOUT_MS_EACH,
    }, async ({ task }) => {
      const report = await runRandomRaces(cluster, { interleavings, seed: 2, givesBack: true });
      task.meta.races = report;
      expect(report.violations, told(report.violations)).toEqual([]);
      expect(report.leftDue, told(report.leftDue)).toEqual([]);
      expect(report.repaired).toBeGreaterThan(0);
    });
  });
}

/** What went wrong, for those who see nothing but the first line of a failure. */
const told = (lines: readonly string[]): string => lines.slice(0, 3).join('; ');
