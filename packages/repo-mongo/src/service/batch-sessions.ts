import { type Claim, isJobsweepError } from '@jobsweep/core';
import type { ClientSession, mongo } from 'mongoose';
import { runCommand } from '../session/command.js';
import { type ClaimDocument, ofTurn } from './claim-document.js';
import type { OwnCollections } from './own-collections.js';

type SessionId = mongo.Binary;

/**
 * Which server session the batches of a claim run in. MongoDB keeps the transaction of a process that died or was stopped,
 * and all that it holds, for a minute; whoever takes over its claim can end it at once, if they know its session.
 */
export class BatchSessions {
  /** What the documents of this process's claims say, by config and strategy. */
  private readonly known = new Map<string, { readonly claim: Claim; readonly id: string }>();

  constructor(private readonly own: OwnCollections) {}

  /** Notes what the document of a claim says. */
  note(claim: Claim, id: SessionId): void {
    this.known.set(keyOf(claim), { claim, id: id.toString('hex') });
  }

  /** Makes the document of a claim say in which session its next batch runs, unless it does already. */
  async tell(claim: Claim, session: ClientSession): Promise<void> {
    const id = sessionIdOf(session);
    const known = this.known.get(keyOf(claim));
    if (id === undefined || !session.inTransaction()) return;
    if (known?.id === id.toString('hex') && known.claim.term === claim.term && known.claim.holder === claim.holder)
      return;
    const { claims } = this.own;
    // Before the batch's own transaction sees the document, and not waiting for whoever holds it.
    const told = await this.own.run((open) => open.updateOne(claims, ofTurn(claim), [{ $set: { session: id } }]));
    if (told !== undefined) this.note(claim, id);
  }

  /** Ends the transaction that a lapsed claim's holder left open. Whoever may not is no worse off than before. */
  async end({ session }: ClaimDocument): Promise<void> {
    if (session === null) return;
    await runCommand(this.own.context, { killSessions: [{ id: session }] }).catch((error: unknown) => {
      if (isJobsweepError(error, 'CONNECTION_LOST')) throw error;
    });
  }
}

const keyOf = ({ config, strategy }: Claim): string => `${config}/${strategy}`;

/** The id of a session, as the server knows it. */
export function sessionIdOf({ id }: ClientSession): SessionId | undefined {
  return id?.id;
}
