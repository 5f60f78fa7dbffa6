import {
  abandonedEntry,
  type Claim,
  type ClaimRequest,
  type ClaimState,
  checkClaimRequest,
  invalidOption,
  NO_PROGRESS,
  type PassEntry,
  type TurnProgress,
} from '@jobsweep/core';
import type { mongo } from 'mongoose';
import type { OpenSession } from '../session/open-session.js';
import { NOW, type OwnCollections } from './own-collections.js';

/** What tells a turn from those of others: the `_id` of its document. */
export interface TurnName {
  readonly config: string;
  readonly strategy: string;
}

/** The claim of a strategy of a config, as it was read. */
export interface ClaimDocument {
  readonly _id: TurnName;
  readonly holder: string | null;
  readonly term: number;
  readonly termSeconds: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly emptyPasses: number;
  /** The id of the server session that the holder's batches run in; another one's may end it when the holder is gone. */
  readonly session: mongo.Binary | null;
  /** Batches that were begun: what makes every batch change the document, so that others are in conflict with it. */
  readonly holds: number;
  /** How far the last turn came, as its batches wrote it. */
  readonly progress: TurnProgress;
  /** When that was written; `null`: in no batch yet. */
  readonly progressAt: Date | null;
  /** The server's clock when it was read. */
  readonly now: Date;
}

/** A strategy that nobody had a turn of yet. */
export const UNCLAIMED = {
  holder: null,
  term: 0,
  termSeconds: 0,
  startedAt: null,
  endedAt: null,
  expiresAt: null,
  emptyPasses: 0,
  session: null,
  holds: 0,
  progress: NO_PROGRESS,
  progressAt: null,
} as const satisfies Partial<ClaimDocument>;

const MAX_LENGTHS = { strategy: 191, holder: 255 } as const;

/** Throws `INVALID_OPTION` for a request that nobody can be given a turn for, and `ABORTED`. */
export function checkRequest(request: ClaimRequest): void {
  checkClaimRequest(request);
  for (const [key, max] of Object.entries(MAX_LENGTHS) as [keyof typeof MAX_LENGTHS, number][]) {
    const name: unknown = request[key];
    if (typeof name === 'string' && name.length <= max && !/\p{Cs}/u.test(name)) continue;
    throw invalidOption(key, typeof name === 'string' ? name.slice(0, 80) : name, `give 1 to ${max} characters`);
  }
}

/** Throws `INVALID_OPTION` for what was never a claim. */
export function checkClaim({ term, ...claim }: Claim): void {
  checkRequest(claim);
  if (!Number.isSafeInteger(term)) throw invalidOption('term', term, 'give the claim as `acquire` gave it');
}

/** The document of a turn, if there ever was one. */
export async function readClaim(
  open: OpenSession,
  { claims }: OwnCollections,
  turn: TurnName,
): Promise<ClaimDocument | undefined> {
  const [found] = await open.rows<ClaimDocument>(claims, [{ $match: { _id: idOf(turn) } }, { $set: { now: NOW } }]);
  return found;
}

/** As the server compares it: with the fields in this order. */
export const idOf = ({ config, strategy }: TurnName): TurnName => ({ config, strategy });

/** Finds the document of a claim while its turn is the claim's. */
export const ofTurn = (claim: Claim) => ({ _id: idOf(claim), holder: claim.holder, term: claim.term });

/** Held, and not for longer: by the clock of the statement that read it. */
export function isLapsed({ holder, expiresAt, now }: ClaimDocument): boolean {
  return holder !== null && expiresAt !== null && expiresAt <= now;
}

/** Seconds from one time to another. */
export const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

export function toClaimState(document: ClaimDocument): ClaimState {
  const { _id, holder, term, startedAt, endedAt, expiresAt, emptyPasses } = document;
  return { ...idOf(_id), holder, term, startedAt, endedAt, expiresAt, isLapsed: isLapsed(document), emptyPasses };
}

/** What a turn that was never given back had committed, for the history; `undefined`: nothing. */
export function abandoned({ _id, holder, progress, progressAt, startedAt }: ClaimDocument): PassEntry | undefined {
  const seconds = startedAt === null || progressAt === null ? 0 : secondsBetween(startedAt, progressAt);
  return abandonedEntry({ ...idOf(_id), holder }, progress, seconds);
}
