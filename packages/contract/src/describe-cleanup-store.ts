import { describe } from 'vitest';
import type { ContractSubject } from './cluster.js';
import { describeSingleOperations } from './operations/describe-single-operations.js';
import { describeChangedBetweenReadAndWrite } from './races/changed-between-read-and-write.js';
import { describeHeldByOthers } from './races/held-by-others.js';
import { describeOthersWait } from './races/others-wait.js';
import { describePartlyHeld } from './races/partly-held.js';
import { describeWorkerDuty } from './races/worker-duty.js';
import { describeRandomRaces } from './random/describe-random-races.js';
import { describeUndoRaces } from './random/describe-undo-races.js';
import { describeService } from './service/describe-service.js';
import { describeTotals } from './service/totals.js';
import { leftOutOf, noteSubject } from './support/note-subject.js';
import { capabilitiesOf, useCluster } from './support/under-test.js';
import { describeArchive } from './traits/archive.js';
import { describeBounds } from './traits/bounds.js';
import { describeCapabilities } from './traits/capabilities.js';
import { describeEveryOperation } from './traits/every-operation.js';
import { describeFilters } from './traits/filters.js';
import { describeGiveBack } from './traits/give-back.js';
import { describeHooks } from './traits/hooks.js';
import { describeLayouts } from './traits/layouts.js';
import { describeManyRows } from './traits/many-rows.js';
import { describeRuleOptions } from './traits/rule-options.js';
import { describeSizes } from './traits/sizes.js';
import { describeTimes } from './traits/times.js';

/** Enough for every kind of race to happen many times, and over within seconds. */
const DEFAULT_INTERLEAVINGS = 1000;

/**
 * Describes all that an adapter owes to those who use it, on a database of its own. Call it in a test file of vitest.
 *
 * @example
 * describeCleanupStore({ name: 'my adapter on PostgreSQL', open: () => openMyCluster() });
 */
export function describeCleanupStore<Session extends object>(subject: ContractSubject<Session>): void {
  describe(subject.name, () => {
    noteSubject(subject.name, leftOutOf(capabilitiesOf(subject)));
    describeStoreHere(subject);
  });
}

/** The same in the `describe` around. */
export function describeStoreHere<Session extends object>(subject: ContractSubject<Session>): void {
  const cluster = useCluster(subject);
  describeSingleOperations(cluster);
  describeCapabilities(cluster);
  describeChangedBetweenReadAndWrite(cluster);
  if (cluster.capabilities.transactions) {
    describeHeldByOthers(cluster);
    describeOthersWait(cluster);
    describePartlyHeld(cluster);
    describeHooks(cluster);
    describeRandomRaces(cluster, subject.interleavings ?? DEFAULT_INTERLEAVINGS);
    describeUndoRaces(cluster, subject.interleavings ?? DEFAULT_INTERLEAVINGS);
  }
  describeWorkerDuty(cluster);
  describeEveryOperation(cluster);
  describeManyRows(cluster);
  describeBounds(cluster);
  describeTimes(cluster);
  describeSizes(cluster);
  describeTotals(cluster);
  describeService(cluster);
  describeFilters(cluster);
  describeRuleOptions(cluster);
  describeGiveBack(cluster);
  if (cluster.capabilities.archive) describeArchive(cluster);
  describeLayouts(subject);
}

/**
 * Describes the operations alone, for a run that has to be short: with `describeDriver` beside it, a driver that keeps its
 * promises under core's protocol has little left to be wrong in. The rest of the suite has to run somewhere.
 *
 * @param rest where it runs, for the closing table: `what else the suite has: SUITE=whole`.
 *
 * @example
 * describeOperations(subject, 'everything else: npm run test:whole');
 */
export function describeOperations<Session extends object>(subject: ContractSubject<Session>, rest: string): void {
  describe(subject.name, () => {
    const cluster = useCluster(subject);
    noteSubject(subject.name, [rest]);
    describeSingleOperations(cluster);
  });
}
