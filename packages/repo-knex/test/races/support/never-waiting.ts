import type { Knex } from 'knex';
import type { KnexStoreOptions, knexStore } from '../../../src/index.js';

/** A store whose operations fail when they wait for a lock, and are not tried again. */
export const NEVER_WAITING: KnexStoreOptions = { lockTimeoutSeconds: 0.2, maxAttempts: 1 };

/** Thrown to roll our own transaction back. */
class RolledBack extends Error {}

/** Runs `work` in a transaction that is rolled back at the end when `how` says so. */
export async function endingIn(
  how: 'commit' | 'rollback',
  { transaction }: ReturnType<typeof knexStore>,
  work: (session: Knex.Transaction) => Promise<void>,
): Promise<void> {
  const ending = transaction(async (session) => {
    await work(session);
    if (how === 'rollback') throw new RolledBack('on purpose');
  });
  await ending.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}
