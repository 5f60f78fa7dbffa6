import type { Changes } from '@jobsweep/core';
import { withClaims } from './broken-service.js';
import { withMembers } from './broken-store.js';
import type { Breaking, Variant } from './variant.js';

/** Stores whose changes are kept, or taken back, in another way. */
const withChanges = (
  replaced: <Session extends object>(changes: Changes<Session>) => Partial<Changes<Session>>,
): Breaking => withMembers(({ changes }) => ({ changes: { ...changes, ...replaced(changes) } }));

/** Faults in what is kept of changes, and in how they are taken back. */
export const changeVariants: readonly Variant[] = [
  {
    name: 'changes-kept-anyway',
    fault: 'changes are kept although the claim says that they are not',
    failsIn: 'claims > what a turn changes > is not kept where the claim says so, nor where there is none',
    broken: withClaims((claims) => ({ acquire: (request) => claims.acquire({ ...request, changes: true }) })),
  },
  {
    name: 'changes-of-other-jobs',
    fault: 'changes of other jobs are told as well',
    failsIn: 'claims > what a turn changes > is given a page at a time, and of some jobs alone',
    broken: withChanges((changes) => ({ read: ({ jobs: _, ...options }) => changes.read(options) })),
  },
  {
    name: 'changes-pruned-early',
    fault: 'changes of other configs are pruned as well',
    failsIn: 'claims > what a turn changes > is pruned when it is old enough, and not before',
    broken: withChanges((changes) => ({ prune: ({ config: _, ...options }) => changes.prune(options) })),
  },
  {
    name: 'undo-tried-in-earnest',
    fault: 'a dry run of an undo writes',
    failsIn: 'claims > what a turn has changed > is no more than looked at in a dry run',
    broken: withMembers(({ changes, transaction }) => ({
      changes: { ...changes, putBack: (session, some) => changes.putBack(session, some) },
      transaction: (work, options) => transaction(work, { ...options, readOnly: false }),
    })),
  },
  {
    name: 'undo-of-what-was-undone',
    fault: 'what was taken back is taken back again',
    failsIn: 'claims > what a turn has changed > is put back, and is noted',
    broken: withChanges((changes) => ({
      async getUndoable(session, of, page) {
        const all = await changes.read({ ...of, limit: page.limit ?? 100 });
        return all.length > 0 ? all : changes.getUndoable(session, of, page);
      },
    })),
  },
];
