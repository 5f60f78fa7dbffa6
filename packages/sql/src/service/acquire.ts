import { type Claim, type ClaimAnswer, type ClaimRequest, DEFAULT_CONFIG, isJobsweepError } from '@jobsweep/core';
import type { Dialect } from '../dialect.js';
import type { SqlSession } from '../library.js';
import { checkRequest } from './check-claim.js';
import {
  abandoned,
  type ClaimRow,
  dueInSeconds,
  freeInSeconds,
  isLapsed,
  ofTurn,
  PROGRESS_COLUMNS,
  selectClaims,
  startOf,
  type TurnName,
} from './claim-row.js';
import { onOwnTables, type ServiceContext } from './context.js';
import { keepEntry } from './keep-entry.js';
import type { OwnNames } from './names.js';
import { toDate } from './times.js';

/** What is said of a holder whose name is in a transaction that is still open. */
const UNNAMED = 'unknown';

/** See `Claims.acquire`. */
export async function acquire<Session extends object>(
  context: ServiceContext<Session>,
  asked: ClaimRequest,
): Promise<ClaimAnswer> {
  checkRequest(asked);
  const request = { ...asked, config: asked.config ?? DEFAULT_CONFIG };
  const { dialect, names } = context;
  // Whoever stops in the middle lets go of the row after a term like everybody else.
  const options = { signal: request.signal, idleTimeoutSeconds: request.termSeconds };
  const ask = () => onOwnTables(context, (session) => askFor(session, dialect, names, request), options);

  const answer = await ask();
  if (answer !== 'noRow') return answer;
  const added = await addRow(context, request, options);
  const second = added ? await ask() : 'noRow';
  if (second !== 'noRow') return second;
  const now = await onOwnTables(context, (session) => clockOf(session, dialect), { ...options, readOnly: true });
  return { outcome: 'held', holder: UNNAMED, freeInSeconds: 0, now };
}

/** One attempt: the row is locked, or left alone where another one has it locked. */
async function askFor(
  session: SqlSession,
  dialect: Dialect,
  names: OwnNames,
  request: ClaimRequest & TurnName,
): Promise<ClaimAnswer | 'noRow'> {
  const row = () => ofTurn(selectClaims(session.build, dialect, names.claims), request);
  const [locked] = await session.rows<ClaimRow>(row().forUpdate().skipLocked());
  if (locked === undefined) {
    const [seen] = await session.rows<ClaimRow>(row());
    return seen === undefined ? 'noRow' : heldBy(seen, 0);
  }
  const refusal = refusalOf(locked, request);
  if (refusal !== undefined) return refusal;
  return take(session, dialect, names, request, locked);
}

function refusalOf(row: ClaimRow, { holder, notWithinSeconds = 0 }: ClaimRequest): ClaimAnswer | undefined {
  if (isLapsed(row)) return undefined;
  if (row.holder !== null) return row.holder === holder ? undefined : heldBy(row, freeInSeconds(row));
  const seconds = dueInSeconds(row, notWithinSeconds);
  return seconds > 0 ? { outcome: 'notDue', dueInSeconds: seconds, now: toDate(row.clock) } : undefined;
}

function heldBy(row: ClaimRow, freeIn: number): ClaimAnswer {
  return { outcome: 'held', holder: row.holder ?? UNNAMED, freeInSeconds: freeIn, now: toDate(row.clock) };
}

/**
 * Gives the turn of a locked row to another holder, on condition that it is still as it was read. What the one before had
 * committed and never told goes into the history.
 */
async function take(
  session: SqlSession,
  dialect: Dialect,
  names: OwnNames,
  { config, strategy, holder, termSeconds }: ClaimRequest & TurnName,
  row: ClaimRow,
): Promise<ClaimAnswer> {
  const { build } = session;
  const { own } = dialect;
  const left = abandoned(row);
  if (left !== undefined) {
    const startedAt = startOf(build, dialect, names.claims, { config, strategy });
    await keepEntry(session, dialect, names.history, left, startedAt);
  }
  const claim: Claim = { config, strategy, holder, term: Number(row.term) + 1, termSeconds };
  const none = Object.values(PROGRESS_COLUMNS).map((column) => `${column} = 0`);
  await session.rows(
    build.raw(
      `update ${own.quoted(names.claims)} set holder = ?, term = ?, started_at = ${own.now}, ended_at = null, ` +
        `expires_at = ?, progress_at = null, ${none.join(', ')} where config = ? and strategy = ? and term = ?`,
      [holder, claim.term, own.after(build, termSeconds), config, strategy, row.term],
    ),
  );
  return { outcome: 'claimed', claim, lapsed: row.holder, now: toDate(row.clock) };
}

async function clockOf({ build, rows }: SqlSession, { own }: Dialect): Promise<Date> {
  const [row] = await rows<{ clock: string }>(build.select(build.raw(`${own.timeText(own.now)} as clock`)));
  return toDate(row?.clock ?? '');
}

/**
 * Adds the row of a strategy that never had a turn, unless it is there by now. Only who adds the same row at the same
 * time and stops before the commit can hold this up: then it gives up, and returns `false`.
 */
async function addRow<Session extends object>(
  context: ServiceContext<Session>,
  { config, strategy }: TurnName,
  options: { readonly signal: AbortSignal | undefined; readonly idleTimeoutSeconds: number },
): Promise<boolean> {
  const { own } = context.dialect;
  const insert = async ({ build, rows }: SqlSession) => {
    await rows(build.raw(own.insertClaim(context.names.claims), [config, strategy]));
  };
  try {
    await onOwnTables(context, insert, options, { lockTimeoutSeconds: 0.1, maxAttempts: 1 });
    return true;
  } catch (error) {
    if (isJobsweepError(error, 'LOCK_TIMEOUT', 'CONFLICT')) return false;
    throw error;
  }
}
