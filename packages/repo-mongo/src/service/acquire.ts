import {
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  DEFAULT_CONFIG,
  isJobsweepError,
  JobsweepError,
  NO_PROGRESS,
} from '@jobsweep/core';
import type { ClientSession } from 'mongoose';
import type { OpenSession } from '../session/open-session.js';
import { type BatchSessions, sessionIdOf } from './batch-sessions.js';
import {
  abandoned,
  type ClaimDocument,
  checkRequest,
  idOf,
  isLapsed,
  readClaim,
  secondsBetween,
  type TurnName,
  UNCLAIMED,
} from './claim-document.js';
import { keepEntry } from './keep-entry.js';
import { literal, NOW, type OwnCollections } from './own-collections.js';

/** What is said of a holder whose name is in a transaction that is still open. */
const UNNAMED = 'unknown';

/** Two that ask at once see to it between them in one round; a third one is for those that are still in the way then. */
const ROUNDS = 3;

/** See `Claims.acquire`. */
export async function acquire(own: OwnCollections, sessions: BatchSessions, asked: ClaimRequest): Promise<ClaimAnswer> {
  checkRequest(asked);
  const request = { ...asked, config: asked.config ?? DEFAULT_CONFIG };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const answer = await ask(own, sessions, request);
    if (typeof answer === 'object') return answer;
    if (answer === 'noDocument') await addDocument(own, request);
    if (answer === 'conflict') {
      const held = await heldByAnother(own, sessions, request);
      if (held !== undefined) return held;
    }
  }
  throw new JobsweepError('CONFLICT', `The claim of ${request.strategy} is being taken by others. Ask again.`);
}

/**
 * One attempt, in a transaction: there a document that another one has open is a conflict at once, and outside of one it is
 * waited for.
 */
async function ask(
  own: OwnCollections,
  sessions: BatchSessions,
  request: ClaimRequest & TurnName,
): Promise<ClaimAnswer | 'noDocument' | 'conflict'> {
  const { signal } = request;
  try {
    return await own.transactions.once(
      async (session) => {
        const open = await own.context.sessions.open(session, 'write');
        const document = await readClaim(open, own, request);
        if (document === undefined) return 'noDocument';
        return refusalOf(document, request) ?? take(own, sessions, request, document, { session, open });
      },
      { signal },
    );
  } catch (error) {
    if (isJobsweepError(error, 'CONFLICT')) return 'conflict';
    throw error;
  }
}

function refusalOf(document: ClaimDocument, { holder, notWithinSeconds = 0 }: ClaimRequest): ClaimAnswer | undefined {
  const { startedAt, expiresAt, now } = document;
  if (isLapsed(document)) return undefined;
  if (document.holder === holder) return undefined;
  if (document.holder !== null) {
    const freeInSeconds = expiresAt === null ? 0 : Math.max(0, secondsBetween(now, expiresAt));
    return { outcome: 'held', holder: document.holder, freeInSeconds, now };
  }
  const dueInSeconds = startedAt === null ? 0 : notWithinSeconds - secondsBetween(startedAt, now);
  return dueInSeconds > 0 ? { outcome: 'notDue', dueInSeconds, now } : undefined;
}

/**
 * Gives the turn to another holder, on condition that it is still as it was read: what was due then is due now. What the one
 * before had committed and never told goes into the history.
 */
async function take(
  own: OwnCollections,
  sessions: BatchSessions,
  request: ClaimRequest & TurnName,
  before: ClaimDocument,
  { session, open }: { readonly session: ClientSession; readonly open: OpenSession },
): Promise<ClaimAnswer | 'conflict'> {
  const { holder, termSeconds } = request;
  const claim: Claim = { ...idOf(request), holder, term: before.term + 1, termSeconds };
  const id = sessionIdOf(session);
  const taken = await open.updateOne<ClaimDocument>(
    own.claims,
    { _id: idOf(request), term: before.term, holder: before.holder },
    [
      {
        $set: {
          holder: literal(holder),
          term: claim.term,
          termSeconds,
          startedAt: NOW,
          endedAt: null,
          expiresAt: { $add: [NOW, Math.round(termSeconds * 1000)] },
          // The driver uses the session that was used last, so the first batch is likely to run in this one.
          session: id ?? null,
          progress: NO_PROGRESS,
          progressAt: null,
        },
      },
    ],
  );
  if (taken === undefined) return 'conflict';
  const left = abandoned(before);
  if (left !== undefined) await keepEntry(own, open, left, before.startedAt ?? undefined);
  if (id !== undefined) sessions.note(claim, id);
  return { outcome: 'claimed', claim, lapsed: before.holder, now: taken.startedAt ?? before.now };
}

/**
 * Who was in the way: the holder with an open batch, or another one that is being given the turn. Nothing, where the next
 * attempt finds the turn free: the holder lapsed a whole term ago, and what it left open is ended.
 */
async function heldByAnother(
  own: OwnCollections,
  sessions: BatchSessions,
  request: ClaimRequest & TurnName,
): Promise<ClaimAnswer | undefined> {
  const { signal } = request;
  const document = await own.run((open) => readClaim(open, own, request), { readOnly: true, signal });
  if (document === undefined) return undefined;
  const { expiresAt, holder, now, termSeconds } = document;
  if (isLapsed(document) && expiresAt !== null && secondsBetween(expiresAt, now) >= termSeconds) {
    await sessions.end(document);
    return undefined;
  }
  return { outcome: 'held', holder: holder ?? UNNAMED, freeInSeconds: 0, now };
}

/** Adds the document of a strategy that never had a turn, unless it is there by now. */
async function addDocument(own: OwnCollections, request: ClaimRequest & TurnName): Promise<void> {
  const { signal } = request;
  await own.require(own.claims);
  const unclaimed = { _id: idOf(request) as never, ...UNCLAIMED };
  try {
    await own.run((open) => open.insert(own.claims, unclaimed), { signal });
  } catch (error) {
    if (!isJobsweepError(error, 'ROW_REJECTED', 'CONFLICT')) throw error;
  }
}
