import type { CleanupStore } from '../store.js';
import type { Claim } from './claims.js';

/**
 * The transactions of a store, each of which holds a claim from its first statement to its commit. Read-only ones hold
 * nothing, since they change nothing.
 *
 * @example
 * const result = await runPass(underClaim(store, claim), strategy);
 * if (result.stopReason === 'claimLost') console.log('Another runner went on with it');
 */
export function underClaim<Session>(
  store: Pick<CleanupStore<Session>, 'transaction' | 'claims'>,
  claim: Claim,
): Pick<CleanupStore<Session>, 'transaction'> {
  return {
    transaction(work, options = {}) {
      if (options.readOnly === true) return store.transaction(work, options);
      const held = async (session: Session) => {
        await store.claims.hold(session, claim);
        return work(session);
      };
      // A process that stops in the middle lets go of the row when its term is over, and not much later.
      const idleTimeoutSeconds = Math.min(claim.termSeconds, options.idleTimeoutSeconds ?? claim.termSeconds);
      return store.transaction(held, { ...options, idleTimeoutSeconds });
    },
  };
}
