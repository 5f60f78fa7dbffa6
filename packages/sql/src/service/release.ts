import type { Claim, TurnOutcome } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { checkClaim } from './check-claim.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { isTurnOf, lockClaim } from './hold.js';

/** See `Claims.release`. */
export async function release<Session extends object>(
  context: ServiceContext<Session>,
  claim: Claim,
  { empty, unfinished = false }: TurnOutcome,
): Promise<boolean> {
  checkClaim(claim);
  const { dialect, names } = context;
  const { own } = dialect;
  const { strategy, holder, term, termSeconds } = claim;
  const giveBack = async (session: SqlSession) => {
    const row = await lockClaim(session, dialect, names.claims, strategy);
    if (row === undefined || !isTurnOf(row, claim)) return false;
    const { build } = session;
    await session.rows(
      build.raw(
        `update ${own.quoted(names.claims)} set holder = null, ended_at = ${own.now}, expires_at = null, ` +
          `${unfinished ? 'started_at = null, ' : ''}` +
          `empty_passes = ${empty ? 'empty_passes + 1' : '0'} where strategy = ? and holder = ? and term = ?`,
        [strategy, holder, term],
      ),
    );
    return true;
  };
  return onOwnTables(context, giveBack, { idleTimeoutSeconds: termSeconds });
}
