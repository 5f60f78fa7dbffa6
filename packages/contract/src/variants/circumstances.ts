import type { ContractSubject } from '../cluster.js';
import { capabilitiesOf } from '../support/under-test.js';
import type { Circumstance, Variant } from './variant.js';

/** Why a fault is hidden, where several are for the same reason. */
export const WHY = {
  nothingWaits: 'nothing waits: whoever meets a row that others hold is in conflict',
  noneIsLeft: 'no row is left because others hold it: the whole batch is given up',
  lockIsLook: 'a lock is no more than a look, and the row is found changed when it is written',
  oneSnapshot: 'a transaction sees one snapshot, and its writes find what has changed since',
  noCreatedTime: 'no job waits for too long where nothing tells when it was queued',
  noArchive: 'nothing that is deleted is kept',
  milliseconds: 'there is nothing smaller than a millisecond',
} as const;

/** What has to come of a variant of a subject. */
export type Outcome = { readonly failsIn: string } | { readonly hidden: string };

/** `hidden`: why nobody sees the fault. */
export function outcomeOf<Session extends object>(
  subject: ContractSubject<Session>,
  { failsIn, failsThereIn = {}, hiddenWhere = {} }: Variant,
): Outcome {
  const { precisionMicros = 1 } = subject;
  const { archive, createdTime, skipsLocked } = capabilitiesOf(subject);
  const all: readonly (readonly [Circumstance, boolean])[] = [
    ['locksAtCommit', !skipsLocked],
    ['milliseconds', precisionMicros >= 1000],
    ['noCreatedTime', !createdTime],
    ['noArchive', !archive],
  ];
  const circumstances = all.filter(([, isSo]) => isSo).map(([where]) => where);
  const [hidden] = circumstances.flatMap((where) => hiddenWhere[where] ?? []);
  if (hidden !== undefined) return { hidden };
  const [there = failsIn] = circumstances.flatMap((where) => failsThereIn[where] ?? []);
  return { failsIn: there };
}
