import { JobsweepError } from '../errors.js';
import type { CleanupStore } from '../store.js';

/**
 * The parts of a store that need jobsweep's own tables, for adapters that make none: a runner on such a store works
 * alone and keeps no history.
 *
 * @example
 * return { repository, capabilities, inspect, transaction, ...withoutOwnTables() };
 */
export function withoutOwnTables<Session>(): Pick<
  CleanupStore<Session>,
  'claims' | 'journal' | 'changes' | 'ownTables'
> {
  const refuse = async () => {
    throw new JobsweepError('NOT_INITIALIZED', 'This adapter has no tables for claims and history.');
  };
  return {
    claims: {
      ...{ acquire: refuse, hold: refuse, advance: refuse, release: refuse, list: refuse },
      ...{ approve: refuse, useApproval: refuse, pause: refuse, resume: refuse },
    },
    journal: { append: refuse, read: refuse, totals: refuse, prune: refuse },
    changes: {
      keptColumns: () => [],
      read: refuse,
      count: refuse,
      prune: refuse,
      getUndoable: refuse,
      getDeletedJobs: refuse,
      putBack: refuse,
    },
    ownTables: { ddl: [], create: async () => [], state: async () => [] },
  };
}
