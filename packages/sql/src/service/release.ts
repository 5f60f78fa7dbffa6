import { type Claim, settledEntry, type TurnOutcome } from '@jobsweep/core';
import type { SqlSession } from '../library.js';
import { checkClaim } from './check-claim.js';
import { progressOf, startOf } from './claim-row.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { isTurnOf, lockClaim } from './hold.js';
import { checkEntry, keepEntry } from './keep-entry.js';

/** See `Claims.release`. */
export async function release<Session extends object>(
  context: ServiceContext<Session>,
  claim: Claim,
  { empty, unfinished = false, entry }: TurnOutcome,
): Promise<boolean> {
  checkClaim(claim);
  if (entry !== undefined) checkEntry(entry);
  const { dialect, names } = context;
  const { own } = dialect;
  const { config, strategy, holder, term, termSeconds } = claim;
  const giveBack = async (session: SqlSession) => {
    const row = await lockClaim(session, dialect, names.claims, claim);
    if (row === undefined || !isTurnOf(row, claim)) return false;
    const { build } = session;
    if (entry !== undefined) {
      const startedAt = startOf(build, dialect, names.claims, claim);
      await keepEntry(session, dialect, names.history, settledEntry(entry, progressOf(row)), startedAt);
    }
    await session.rows(
      build.raw(
        `update ${own.quoted(names.claims)} set holder = null, ended_at = ${own.now}, expires_at = null, ` +
          `${unfinished ? 'started_at = null, ' : ''}` +
          `empty_passes = ${empty ? 'empty_passes + 1' : '0'} where config = ? and strategy = ? and holder = ? and term = ?`,
        [config, strategy, holder, term],
      ),
    );
    return true;
  };
  return onOwnTables(context, giveBack, { idleTimeoutSeconds: termSeconds });
}
