import { type Claim, type Claims, JobsweepError, throwIfAborted } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import { translateError } from '../translate-error.js';
import { acquire } from './acquire.js';
import { BatchSessions } from './batch-sessions.js';
import { type ClaimDocument, checkClaim, ofTurn, toClaimState } from './claim-document.js';
import { NOW, type OwnCollections } from './own-collections.js';

/** More strategies than anybody has. */
const MAX_CLAIMS = 10_000;

/** Claims, as documents of a collection of jobsweep's own. They go by the server's clock, whatever the store was given. */
export function claims(own: OwnCollections): Claims<ClientSession> {
  const sessions = new BatchSessions(own);
  return {
    acquire: (request) => acquire(own, sessions, request),

    async hold(session, claim) {
      checkClaim(claim);
      try {
        const open = await own.context.sessions.open(session, 'write');
        await sessions.tell(claim, session);
        const held = await open.updateOne<ClaimDocument & { readonly heldAt: Date }>(
          own.claims,
          ofTurn(claim),
          renewal(claim),
        );
        if (held === undefined) await own.require(own.claims);
        if (held === undefined) throw lost(claim, 'the turn was released, or another one has it');
        if (held.expiresAt === null || held.expiresAt <= held.heldAt) {
          throw lost(claim, 'no batch was begun within its term, so it has lapsed');
        }
      } catch (error) {
        throw translateError(error, false);
      }
    },

    async release(claim, { empty, unfinished = false }) {
      checkClaim(claim);
      const emptyPasses = empty ? { $add: ['$emptyPasses', 1] } : 0;
      const ended = { holder: null, endedAt: NOW, expiresAt: null, session: null, emptyPasses };
      const given = unfinished ? { ...ended, startedAt: null } : ended;
      const released = await own.run((open) => open.updateOne(own.claims, ofTurn(claim), [{ $set: given }]));
      if (released === undefined) await own.require(own.claims);
      return released !== undefined;
    },

    async list({ signal } = {}) {
      throwIfAborted(signal);
      const all = [
        { $match: { term: { $gt: 0 } } },
        { $sort: { _id: 1 } },
        { $limit: MAX_CLAIMS },
        { $set: { now: NOW } },
      ];
      const documents = await own.run((open) => open.rows<ClaimDocument>(own.claims, all), { readOnly: true, signal });
      if (documents.length === 0) await own.require(own.claims);
      return documents.map(toClaimState);
    },
  };
}

/**
 * Begins a new term where the old one has not lapsed. The condition is in the update, because a filter does not know the
 * time everywhere; and as numbers, because SecantusDB compares times with its own only so.
 */
function renewal({ termSeconds }: Claim) {
  const isInTime = { $gt: [{ $toLong: '$expiresAt' }, { $toLong: NOW }] };
  const later = { $add: [NOW, Math.round(termSeconds * 1000)] };
  return [
    {
      $set: {
        expiresAt: { $cond: [isInTime, later, '$expiresAt'] },
        heldAt: NOW,
        batches: { $add: ['$batches', 1] },
      },
    },
  ];
}

function lost({ strategy, holder, term }: Claim, reason: string): JobsweepError {
  const message = `${holder} has lost term ${term} of ${strategy}: ${reason}. Stop, and ask for another turn.`;
  return new JobsweepError('CLAIM_LOST', message);
}
