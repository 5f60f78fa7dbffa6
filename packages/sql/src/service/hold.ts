import { type Claim, isJobsweepError, JobsweepError } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import type { SqlSession } from '../library.js';
import { checkClaim } from './check-claim.js';
import { type ClaimRow, isLapsed, selectClaims } from './claim-row.js';
import { notInitialized, type ServiceContext } from './context.js';
import type { OwnTable } from './names.js';

/** See `Claims.hold`. */
export async function hold<Session extends object>(
  { dialect, sessions, names }: ServiceContext<Session>,
  session: Session,
  claim: Claim,
): Promise<void> {
  checkClaim(claim);
  const open = sessions.open(session);
  try {
    const touch = selectClaims(open.build, dialect, names.claims).limit(1);
    await sessions.requireReadCommitted(session, open, touch);
    const row = await lockClaim(open, dialect, names.claims, claim.strategy);
    const reason = whyLost(row, claim);
    if (reason !== undefined) throw claimLost(claim, reason);
    await renew(open, dialect, names.claims, claim);
  } catch (error) {
    if (isJobsweepError(error)) throw error;
    throw notInitialized(dialect.translate(error, false), names);
  }
}

/**
 * Locks the row of a strategy and reads it, with the clock as it is once the lock is there. Somebody who asks for the
 * same turn has the row for a moment, which is waited for.
 */
export async function lockClaim(
  session: SqlSession,
  dialect: Dialect,
  table: OwnTable,
  strategy: string,
): Promise<ClaimRow | undefined> {
  const ofStrategy = () => selectClaims(session.build, dialect, table).whereRaw('c.strategy = ?', [strategy]);
  const [atOnce] = await session.rows<ClaimRow>(ofStrategy().forUpdate().skipLocked());
  if (atOnce !== undefined) return atOnce;
  await session.rows(ofStrategy().forUpdate());
  const [row] = await session.rows<ClaimRow>(ofStrategy());
  return row;
}

/** Whether a turn is still the one of a claim. */
export function isTurnOf(row: ClaimRow, { holder, term }: Claim): boolean {
  return row.holder === holder && row.term === String(term);
}

function whyLost(row: ClaimRow | undefined, claim: Claim): string | undefined {
  if (row === undefined) return 'There is no such turn';
  if (isTurnOf(row, claim)) return isLapsed(row) ? 'No batch was begun within its term, so it has lapsed' : undefined;
  return row.holder === null ? 'The turn was released' : `${row.holder} has begun term ${row.term}`;
}

function claimLost({ strategy, holder, term }: Claim, reason: string): JobsweepError {
  const message = `${holder} has lost term ${term} of ${strategy}: ${reason}. Stop, and ask for another turn.`;
  return new JobsweepError('CLAIM_LOST', message);
}

async function renew(
  { build, rows }: SqlSession,
  { own }: Dialect,
  table: OwnTable,
  { strategy, holder, term, termSeconds }: Claim,
): Promise<void> {
  await rows(
    build.raw(`update ${own.quoted(table)} set expires_at = ? where strategy = ? and holder = ? and term = ?`, [
      own.after(build, termSeconds),
      strategy,
      holder,
      term,
    ]),
  );
}
