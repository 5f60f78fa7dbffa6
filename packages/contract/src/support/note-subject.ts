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

function leftOutOf(capabilities: Required<SuiteCapabilities>, isBrief: boolean): string[] {
  const { transactions, mapping, filters, ownTables, processes } = capabilities;
  return [
    ...(isBrief ? ['filters, other layouts and other processes: tested with the newest release'] : []),
    ...(transactions ? [] : ['races in the middle of a transaction: the server has none']),
    ...(mapping === false ? ['other layouts: it maps no tables'] : []),
    ...(filters ? [] : ['filters: it takes none']),
    ...(ownTables ? [] : ['claims and history: it makes no tables of its own']),
    ...(ownTables && !processes ? ['frozen and killed processes: nothing of it is in other processes'] : []),
  ];
}
