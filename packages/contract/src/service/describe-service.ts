import { describe } from 'vitest';
import type { ClusterUnderTest } from '../support/under-test.js';
import { describeApprovals } from './approvals.js';
import { describeChanges } from './changes.js';
import { describeClaims } from './claims.js';
import { describeHeldUndo } from './held-undo.js';
import { describeHold } from './hold.js';
import { describeJournal } from './journal.js';
import { describeNoOwnTables, describeOwnTables } from './own-tables.js';
import { describePauses } from './pauses.js';
import { describeProcesses } from './processes.js';
import { describeProgress } from './progress.js';
import { describeRunners } from './runners.js';
import { useOwnTables } from './turns.js';
import { describeUndo } from './undo.js';

/** What several runners on one database need of a store: claims, and a history that they share. */
export function describeService<Session extends object>(cluster: ClusterUnderTest<Session>): void {
  if (!cluster.capabilities.ownTables) {
    describeNoOwnTables(cluster);
    return;
  }
  describeOwnTables(cluster);
  describeJournal(cluster);
  describe('claims', () => {
    useOwnTables(cluster);
    describeClaims(cluster);
    describeHold(cluster);
    describeProgress(cluster);
    describeApprovals(cluster);
    describePauses(cluster);
    describeChanges(cluster);
    describeUndo(cluster);
    describeHeldUndo(cluster);
    describeRunners(cluster);
    if (cluster.capabilities.processes) describeProcesses(cluster);
  });
}
