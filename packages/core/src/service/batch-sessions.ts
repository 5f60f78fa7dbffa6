import type { ServerSessions } from '../driver/driver.js';
import { secondsToMicros } from '../driver/exact.js';
import type { Assignments } from '../driver/row.js';
import { type ClaimRow, claimId } from './claim-row.js';
import { claimKey } from './claim-rows.js';
import type { Claim, ClaimRequest } from './claims.js';
import type { Own } from './own.js';

/**
 * Which session of the server the batches of a claim run in. Where a server keeps the transaction of a process that died or
 * was stopped, and all that it holds, whoever takes over its claim can end it at once, if they know its session.
 */
export class BatchSessions<Session> {
  /** What the rows of this process's claims say, by config and strategy. */
  private readonly known = new Map<string, { readonly claim: Claim; readonly session: string }>();

  constructor(
    private readonly own: Own<Session>,
    private readonly server: ServerSessions<Session>,
  ) {}

  /** What the row of a claim says from its beginning: the session that was used last is likely to be that of its first batch. */
  written({ termSeconds }: ClaimRequest, session: Session): Assignments {
    return { session: { value: this.server.nameOf(session) ?? null }, term_seconds: { value: termSeconds } };
  }

  /** Notes that the row of a claim says so. */
  note(claim: Claim, session: Session): void {
    const name = this.server.nameOf(session);
    if (name !== undefined) this.known.set(claimId(claim), { claim, session: name });
  }

  /** Makes the row of a claim say in which session its next batch runs, unless it does already. */
  async tell(claim: Claim, session: Session): Promise<void> {
    const { own } = this;
    const name = this.server.nameOf(session);
    const known = this.known.get(claimId(claim));
    if (name === undefined) return;
    if (known?.session === name && known.claim.term === claim.term && known.claim.holder === claim.holder) return;
    // Before the batch's own transaction sees the row, and not waiting for whoever holds it.
    const told = await own.run('write', (tx) =>
      own.changeClaim(tx, claimKey(own, claim), own.rules.isTurnOf(claim), { session: { value: name } }),
    );
    if (told) this.note(claim, session);
  }

  /** Ends the transaction that a holder left open which lapsed a whole term ago. Tells whether that was so. */
  async endLeftBy(row: ClaimRow): Promise<boolean> {
    const { clock, expiresAt, session, termSeconds } = row;
    if (!this.own.rules.isLapsed(row) || expiresAt === null || clock - expiresAt < secondsToMicros(termSeconds))
      return false;
    if (session !== null) await this.server.end(session);
    return true;
  }
}
