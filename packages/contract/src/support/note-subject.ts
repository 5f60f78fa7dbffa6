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
export function noteSubject(subject: string, capabilities: Required<SuiteCapabilities>): void {
  const leftOut = leftOutOf(capabilities);
  beforeEach(({ task }) => {
    Object.assign(task.meta, { subject, leftOut });
  });
}

function leftOutOf({ transactions, mapping, filters }: Required<SuiteCapabilities>): string[] {
  return [
    ...(transactions ? [] : ['races in the middle of a transaction: the server has none']),
    ...(mapping === false ? ['other layouts: it maps no tables'] : []),
    ...(filters ? [] : ['filters: it takes none']),
  ];
}
