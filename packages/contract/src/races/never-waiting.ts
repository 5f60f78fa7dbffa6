import type { CleanupStore } from '@jobsweep/core';
import type { SuiteStoreOptions } from '../cluster.js';

/** A store whose operations fail when they wait for a lock, and are not tried again. */
export const NEVER_WAITING: SuiteStoreOptions = { lockTimeoutSeconds: 0.2, maxAttempts: 1 };

/** Thrown to roll our own transaction back. */
class RolledBack extends Error {}

/** Runs `work` in a transaction that is rolled back at the end when `how` says so. */
export async function endingIn<Session>(
  how: 'commit' | 'rollback',
  { transaction }: CleanupStore<Session>,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const ending = transaction(async (session) => {
    await work(session);
    if (how === 'rollback') throw new RolledBack('on purpose');
  });
  await ending.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}
