import { describe, expect, test } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { runUndoRaces, type UndoRacesReport } from './undo.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What randomised races of undo came to, for the table of a long run. */
    undoRaces?: UndoRacesReport;
  }
}

/** A long run is given time by its size. */
const TIMEOUT_MS = 60_000;
const TIMEOUT_MS_EACH = 200;

/** Each transaction locks all of a resource: so many are as long as one of the other races. */
const SHARE = 8;

/** Where changes are kept, and the mapping can say what an allocation holds. */
export function describeUndoRaces<Session extends object>(
  cluster: ClusterUnderTest<Session>,
  interleavings: number,
): void {
  const { ownTables, mapping, transactions } = cluster.capabilities;
  if (!ownTables || mapping === false || !transactions) return;
  describe('while an application books resources and passes are taken back', () => {
    test('no resource is booked twice, and no change is lost', {
      timeout: TIMEOUT_MS + interleavings * TIMEOUT_MS_EACH,
    }, async ({ task }) => {
      const report = await runUndoRaces(cluster, { interleavings: Math.ceil(interleavings / SHARE), seed: 4 });
      task.meta.undoRaces = report;
      expect(report.violations.slice(0, 3)).toEqual([]);
      expect(report.doubleBooked).toBe(0);
      expect(report.undone).toBeGreaterThan(0);
      expect(report.left).toBeGreaterThan(0);
    });
  });
}
