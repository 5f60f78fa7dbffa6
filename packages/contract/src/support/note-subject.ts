import { beforeEach } from 'vitest';
import type { SuiteCapabilities } from '../cluster.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What the contract suite is run on, for closing tables: adapter and engine. */
    subject?: string;
    /** What the suite leaves out for this subject, and why. */
    leftOut?: readonly string[];
  }
}

/** Notes in every test of the `describe` around what it is about, and what has no test there. */
export function noteSubject(subject: string, leftOut: readonly string[]): void {
  beforeEach(({ task }) => {
    Object.assign(task.meta, { subject, leftOut });
  });
}

/** What the suite leaves out for a subject by what that says of itself. */
export function leftOutOf(capabilities: Required<SuiteCapabilities>): string[] {
  const { transactions, mapping, archive, ownTables, processes } = capabilities;
  return [
    ...(transactions ? [] : ['races in the middle of a transaction: the server has none']),
    ...(mapping === false ? ['other layouts: it maps no tables'] : []),
    ...(archive ? [] : ['archives: it keeps no deleted rows']),
    ...(ownTables ? [] : ['claims and history: it makes no tables of its own']),
    ...(ownTables && !processes ? ['frozen and killed processes: nothing of it is in other processes'] : []),
  ];
}
