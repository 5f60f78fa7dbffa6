import { type Claim, claimLost, isJobsweepError, type TurnProgress } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import { sql, verbatim } from '../driver/sql.js';
import type { SqlSession } from '../library.js';
import { checkClaim } from './check-claim.js';
import {
  type ClaimRow,
  isLapsed,
  ofTurn,
  PROGRESS_COLUMNS,
  progressOf,
  selectClaims,
  type TurnName,
} from './claim-row.js';
import { notInitialized, type ServiceContext } from './context.js';
import type { OwnTable } from './names.js';

/** See `Claims.hold`. */
export async function hold<Session extends object>(
  { dialect, sessions, names }: ServiceContext<Session>,
  session: Session,
  claim: Claim,
): Promise<TurnProgress> {
  checkClaim(claim);
  const open = sessions.open(session);
  try {
    const touch = sql`select 1 as one from ${verbatim(dialect.own.quoted(names.claims))} limit 1`;
    await sessions.requireReadCommitted(session, open, touch);
    const row = await lockClaim(open, dialect, names.claims, claim);
    if (row === undefined || !isTurnOf(row, claim) || isLapsed(row)) {
      throw claimLost(claim, row && { holder: row.holder, term: Number(row.term) });
    }
    return progressOf(row);
  } catch (error) {
    throw translated(error, dialect, names);
  }
}

/** See `Claims.advance`. */
export async function advance<Session extends object>(
  { dialect, sessions, names }: ServiceContext<Session>,
  session: Session,
  claim: Claim,
  progress: TurnProgress | undefined,
): Promise<void> {
  checkClaim(claim);
  const { build, rows } = sessions.open(session);
  const { own } = dialect;
  const { config, strategy, holder, term, termSeconds } = claim;
  const counts = progress === undefined ? [] : (Object.keys(PROGRESS_COLUMNS) as (keyof TurnProgress)[]);
  const written = counts.map((name) => `${PROGRESS_COLUMNS[name]} = ?`);
  if (progress !== undefined) written.push(`progress_at = ${own.now}`);
  try {
    await rows(
      build.raw(
        `update ${own.quoted(names.claims)} set ${['expires_at = ?', ...written].join(', ')} ` +
          'where config = ? and strategy = ? and holder = ? and term = ?',
        [
          own.after(build, termSeconds),
          ...counts.map((name) => progress?.[name] ?? 0),
          ...[config, strategy, holder, term],
        ],
      ),
    );
  } catch (error) {
    throw translated(error, dialect, names);
  }
}

const translated = (error: unknown, dialect: Dialect, names: ServiceContext<object>['names']): unknown =>
  isJobsweepError(error) ? error : notInitialized(dialect.translate(error, false), names);

/**
 * Locks the row of a turn and reads it, with the clock as it is once the lock is there. Somebody who asks for the
 * same turn has the row for a moment, which is waited for.
 */
export async function lockClaim(
  session: SqlSession,
  dialect: Dialect,
  table: OwnTable,
  turn: TurnName,
): Promise<ClaimRow | undefined> {
  const row = () => ofTurn(selectClaims(session.build, dialect, table), turn);
  const [atOnce] = await session.rows<ClaimRow>(row().forUpdate().skipLocked());
  if (atOnce !== undefined) return atOnce;
  await session.rows(row().forUpdate());
  const [waited] = await session.rows<ClaimRow>(row());
  return waited;
}

/** Whether a turn is still the one of a claim. */
export function isTurnOf(row: ClaimRow, { holder, term }: Claim): boolean {
  return row.holder === holder && row.term === String(term);
}
