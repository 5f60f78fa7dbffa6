import { beforeEach } from 'vitest';
import type { ContractSubject, SuiteCapabilities } from '../cluster.js';
import { capabilitiesOf } from './under-test.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What the contract suite is run on, for closing tables: adapter and engine. */
    subject?: string;
    /** What the suite leaves out for this subject, and why. */
    leftOut?: readonly string[];
  }
}

/** Notes in every test of the `describe` around what it is about, and what has no test there. */
export function noteSubject(subject: Pick<ContractSubject<object>, 'name' | 'capabilities' | 'isBrief'>): void {
  const leftOut = leftOutOf(capabilitiesOf(subject), subject.isBrief ?? false);
  beforeEach(({ task }) => {
    Object.assign(task.meta, { subject: subject.name, leftOut });
  });
}

function leftOutOf({ transactions, mapping, filters }: Required<SuiteCapabilities>, isBrief: boolean): string[] {
  return [
    ...(isBrief ? ['filters and other layouts: tested with the newest release'] : []),
    ...(transactions ? [] : ['races in the middle of a transaction: the server has none']),
    ...(mapping === false ? ['other layouts: it maps no tables'] : []),
    ...(filters ? [] : ['filters: it takes none']),
  ];
}
