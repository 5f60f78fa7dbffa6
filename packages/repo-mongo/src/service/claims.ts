import { type Claims, checkPassEntry, claimLost, settledEntry, throwIfAborted } from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import { translateError } from '../translate-error.js';
import { acquire } from './acquire.js';
import { BatchSessions } from './batch-sessions.js';
import { type ClaimDocument, checkClaim, ofTurn, readClaim, toClaimState } from './claim-document.js';
import { keepEntry } from './keep-entry.js';
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
        const held = await open.updateOne<ClaimDocument & { readonly heldAt: Date }>(own.claims, ofTurn(claim), HOLD);
        if (held === undefined) await own.require(own.claims);
        if (held === undefined) throw claimLost(claim, await readClaim(open, own, claim));
        if (held.expiresAt === null || held.expiresAt <= held.heldAt) throw claimLost(claim, held);
        return held.progress;
      } catch (error) {
        throw translateError(error, false);
      }
    },

    async advance(session, claim, progress) {
      checkClaim(claim);
      const expiresAt = { $add: [NOW, Math.round(claim.termSeconds * 1000)] };
      const reached = progress === undefined ? {} : { progress: { ...progress }, progressAt: NOW };
      try {
        const open = await own.context.sessions.open(session, 'write');
        const advanced = await open.updateOne(own.claims, ofTurn(claim), [{ $set: { expiresAt, ...reached } }]);
        if (advanced === undefined) await own.require(own.claims);
      } catch (error) {
        throw translateError(error, false);
      }
    },

    async release(claim, { empty, unfinished = false, entry }) {
      checkClaim(claim);
      if (entry !== undefined) checkPassEntry(entry);
      const emptyPasses = empty ? { $add: ['$emptyPasses', 1] } : 0;
      const ended = { holder: null, endedAt: NOW, expiresAt: null, session: null, emptyPasses };
      const given = unfinished ? { ...ended, startedAt: null } : ended;
      if (entry !== undefined) await own.require(own.history);
      const released = await own.run(async (open) => {
        const before = entry && (await readClaim(open, own, claim));
        const document = await open.updateOne<ClaimDocument>(own.claims, ofTurn(claim), [{ $set: given }]);
        if (document !== undefined && entry !== undefined) {
          await keepEntry(own, open, settledEntry(entry, document.progress), before?.startedAt ?? undefined);
        }
        return document !== undefined;
      });
      if (!released) await own.require(own.claims);
      return released;
    },

    async list({ config, signal } = {}) {
      throwIfAborted(signal);
      const all = [
        { $match: { term: { $gt: 0 }, ...(config !== undefined && { '_id.config': config }) } },
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

/** Changes the document, so that whoever else wants it is in conflict, and reads the server's time with it. */
const HOLD = [{ $set: { heldAt: NOW, holds: { $add: ['$holds', 1] } } }];
