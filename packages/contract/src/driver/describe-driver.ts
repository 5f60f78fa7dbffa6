import { describe } from 'vitest';
import type { ContractSubject } from '../cluster.js';
import { noteSubject } from '../support/note-subject.js';
import { capabilitiesOf } from '../support/under-test.js';
import { describeConditions } from './conditions.js';
import { describeCopy } from './copy.js';
import { describeCount } from './count.js';
import { useDriver } from './driver-under-test.js';
import { describeExact } from './exact.js';
import { describeInsertAll } from './insert-all.js';
import { describeKeys } from './keys.js';
import { describeLetters } from './letters.js';
import { describeLock } from './lock.js';
import { describeNewer } from './newer.js';
import { describeOpen } from './open.js';
import { describePage } from './page.js';
import { describeRelated } from './related.js';
import { describeRemove } from './remove.js';
import { describeSingleRows } from './single-rows.js';
import { describeUpdate } from './update.js';

/**
 * Describes what a `Driver` owes to the protocol of core, by itself: what each method of a transaction finds, locks, writes
 * and returns, with plain connections as witnesses. It knows nothing of what jobs are. The cluster of the subject has to
 * have `driven`.
 *
 * @example
 * describeDriver({ name: 'my driver on PostgreSQL', open: () => openMyCluster() });
 */
export function describeDriver<Session extends object>(subject: ContractSubject<Session>): void {
  describe(subject.name, () => {
    noteSubject(`${subject.name}: its driver`, leftOutOf(subject));
    describeDriverHere(subject);
  });
}

/** The same in the `describe` around. */
export function describeDriverHere<Session extends object>(subject: ContractSubject<Session>): void {
  describe('driver', () => {
    const of = useDriver(subject);
    describeOpen(of);
    describePage(of);
    describeConditions(of);
    describeNewer(of);
    describeCount(of);
    describeLock(of);
    describeRelated(of);
    describeUpdate(of);
    describeRemove(of);
    describeInsertAll(of);
    if (of.cluster.capabilities.archive) describeCopy(of);
    describeSingleRows(of);
    if (of.cluster.capabilities.mapping !== false) describeKeys(of);
  });
  describe('driver on tables of every kind', () => {
    describeLetters(subject);
    describeExact(subject);
  });
}

function leftOutOf<Session extends object>(subject: ContractSubject<Session>): string[] {
  const { archive, caseless, mapping, transactions } = capabilitiesOf(subject);
  return [
    ...(transactions ? [] : ['locks: the server has no transactions']),
    ...(mapping === false ? ['other kinds of keys and times: it maps no tables'] : []),
    ...(archive ? [] : ['copies of rows: it keeps no deleted ones']),
    ...(caseless && mapping !== false ? [] : ['columns for which "a" is "A": the cluster makes none']),
  ];
}
