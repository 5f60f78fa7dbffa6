import { JobsweepError } from '../errors.js';
import type { Claim, ClaimState, Pause } from './claims.js';

/** The error of a claim that holds nothing any more. `found`: who has its turn now, by the turn's row. */
export function claimLost(claim: Claim, found: Pick<ClaimState, 'holder' | 'term'> | undefined): JobsweepError {
  const { strategy, holder, term } = claim;
  const message = `${holder} has lost term ${term} of ${strategy}: ${reason(claim, found)}. Stop, and ask for another turn.`;
  return new JobsweepError('CLAIM_LOST', message);
}

/** The error of a claim on a strategy that an operator has paused since. */
export function claimPaused({ holder, term, strategy }: Claim, { by }: Pause): JobsweepError {
  const message = `${holder} has lost term ${term} of ${strategy}: ${by} has paused it. Wait until it is resumed.`;
  return new JobsweepError('CLAIM_LOST', message);
}

function reason({ holder, term, termSeconds }: Claim, found: Pick<ClaimState, 'holder' | 'term'> | undefined): string {
  if (found === undefined) return 'There is no such turn';
  if (found.holder === holder && found.term === term) {
    return `It was not renewed for ${termSeconds} s and has lapsed; no other runner has taken it over`;
  }
  return found.holder === null ? 'The turn was released' : `${found.holder} has begun term ${found.term}`;
}
