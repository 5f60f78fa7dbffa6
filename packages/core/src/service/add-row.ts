import type { Tx } from '../driver/driver.js';
import { isJobsweepError } from '../errors.js';
import type { TransactionOptions } from '../store.js';
import type { TurnName } from './claim-row.js';
import { unclaimed } from './claim-rows.js';
import type { Own } from './own.js';

/** What is in the way is told, and not waited for. */
export const ONCE = { maxAttempts: 1 };

/**
 * Adds the row of a strategy that never had a turn, unless it is there by now. Whoever adds the same row at the same time and
 * stops before the commit can hold this up: then it gives up, and returns `false`.
 */
export async function addRow<Session>(
  own: Own<Session>,
  turn: TurnName,
  options: TransactionOptions,
): Promise<boolean> {
  const insert = (tx: Tx) => tx.insert(own.claims, unclaimed(own, turn));
  try {
    await own.run('write', insert, options, { ...ONCE, lockTimeoutSeconds: 0.1 });
    return true;
  } catch (error) {
    if (isJobsweepError(error, 'CONFLICT')) return true;
    if (isJobsweepError(error, 'LOCK_TIMEOUT')) return false;
    throw error;
  }
}
