import { allOf, anyOf, type Condition, EVERY, isIn } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { secondsToMicros } from '../driver/exact.js';
import type { Assignments } from '../driver/row.js';
import { isJobsweepError } from '../errors.js';
import type { TransactionOptions } from '../store.js';
import type { BatchSessions } from './batch-sessions.js';
import { dateOf } from './cells.js';
import {
  abandoned,
  type ClaimRow,
  claimColumns,
  claimKey,
  claimRow,
  isLapsed,
  progressWritten,
  readClaim,
  secondsBetween,
  type TurnName,
  unclaimed,
} from './claim-rows.js';
import { type Claim, type ClaimAnswer, type ClaimRequest, DEFAULT_CONFIG } from './claims.js';
import { keepEntry } from './history-rows.js';
import type { Own } from './own.js';
import { checkClaimRequest } from './requests.js';
import { NO_PROGRESS } from './settled.js';

/** What is said of a holder whose name is in a transaction that is still open. */
const UNNAMED = 'unknown';

/** Two that ask at once see to it between them in one round; a third one is for those that are still in the way then. */
const ROUNDS = 3;

type Asked = ClaimRequest & TurnName;
type Refusal = Exclude<ClaimAnswer, { outcome: 'claimed' }>;

/** See `Claims.acquire`. */
export async function acquire<Session>(
  own: Own<Session>,
  sessions: BatchSessions<Session> | undefined,
  request: ClaimRequest,
): Promise<ClaimAnswer> {
  checkClaimRequest(request);
  const asked = { ...request, config: request.config ?? DEFAULT_CONFIG };
  // Whoever stops in the middle lets go of the row after a term like everybody else.
  const options = { signal: asked.signal, idleTimeoutSeconds: asked.termSeconds };
  const ask = () => own.run('write', (tx, session) => askFor(own, sessions, tx, session, asked), options, ONCE);

  for (let round = 1; round <= ROUNDS; round += 1) {
    const answer = await ask().catch(conflict);
    if (typeof answer === 'object') return answer;
    if (answer === 'conflict') {
      const inTheWay = await heldByAnother(own, sessions, asked);
      if (inTheWay !== undefined) return inTheWay;
    } else if (!(await addRow(own, asked, options))) {
      break;
    }
  }
  const now = await own.run('read', async (tx) => tx.now, options);
  return { outcome: 'held', holder: UNNAMED, freeInSeconds: 0, now: dateOf(now) };
}

/** What is in the way is told, and not waited for. */
const ONCE = { maxAttempts: 1 };

function conflict(error: unknown): 'conflict' {
  if (isJobsweepError(error, 'CONFLICT')) return 'conflict';
  throw error;
}

/**
 * One attempt. A turn that nobody has and that is due is taken at once; any other row is locked, or left alone where another
 * one has it locked, and looked at.
 */
async function askFor<Session>(
  own: Own<Session>,
  sessions: BatchSessions<Session> | undefined,
  tx: Tx,
  session: Session,
  asked: Asked,
): Promise<ClaimAnswer | 'noRow' | 'conflict'> {
  const { claims: table } = own;
  const key = claimKey(own, asked);
  const set = { ...begun(asked), ...sessions?.written(asked, session) };
  const claimed = (term: number, lapsed: string | null, now: bigint): ClaimAnswer => {
    const { config, strategy, holder, termSeconds } = asked;
    const claim: Claim = { config, strategy, holder, term, termSeconds };
    sessions?.note(claim, session);
    return { outcome: 'claimed', claim, lapsed, now: dateOf(now) };
  };

  const before = await tx.take(table, key, { where: isFree(tx.now, asked), set, columns: claimColumns(own) });
  if (before !== undefined) return claimed(claimRow(own, before).term + 1, null, tx.now);

  const selection = { columns: claimColumns(own), clock: true };
  const { rows, held } = await tx.lock(table, [key], selection, EVERY);
  const [locked] = rows;
  if (locked === undefined) {
    const seen = held.length > 0 ? await readClaim(own, tx, asked) : undefined;
    if (seen === undefined) await own.require(table);
    return seen === undefined ? 'noRow' : heldBy(seen, 0);
  }
  const row = claimRow(own, locked);
  const refusal = refusalOf(row, asked);
  if (refusal !== undefined) return refusal;
  const isAsRead = allOf(isIn('term', [row.term]), isIn('holder', [row.holder]));
  if (!(await own.changeClaim(tx, key, isAsRead, set))) return 'conflict';
  // What the one before had committed and never told.
  const left = abandoned(row);
  if (left !== undefined) await keepEntry(own, tx, left, row.startedAt);
  return claimed(row.term + 1, row.holder, row.clock);
}

/** Whether nobody has a turn, and it is due. */
function isFree(now: bigint, { notWithinSeconds = 0 }: ClaimRequest): Condition {
  const free = isIn('holder', [null]);
  if (notWithinSeconds === 0) return free;
  const before = now - secondsToMicros(notWithinSeconds);
  return allOf(free, anyOf({ time: 'started_at', isSet: false }, { time: 'started_at', before }));
}

/** What begins a turn. */
const begun = ({ holder, termSeconds }: Asked): Assignments => ({
  holder: { value: holder },
  term: { increment: 1 },
  started_at: { afterSeconds: 0 },
  ended_at: { value: null },
  expires_at: { afterSeconds: termSeconds },
  progress_at: { value: null },
  ...progressWritten(NO_PROGRESS),
});

/** Why a row is not given away. One that has lapsed or is the asker's own always is: its turn did not end. */
function refusalOf(row: ClaimRow, { holder, notWithinSeconds = 0 }: ClaimRequest): Refusal | undefined {
  const { clock, expiresAt, startedAt } = row;
  if (isLapsed(row) || row.holder === holder) return undefined;
  if (row.holder !== null) return heldBy(row, expiresAt === null ? 0 : Math.max(0, secondsBetween(clock, expiresAt)));
  const dueInSeconds = startedAt === null ? 0 : notWithinSeconds - secondsBetween(startedAt, clock);
  return dueInSeconds > 0 ? { outcome: 'notDue', dueInSeconds, now: dateOf(clock) } : undefined;
}

const heldBy = ({ holder, clock }: ClaimRow, freeInSeconds: number): Refusal => ({
  outcome: 'held',
  holder: holder ?? UNNAMED,
  freeInSeconds,
  now: dateOf(clock),
});

/**
 * Who was in the way: the holder with an open batch, or another one that is being given the turn. Nothing, where the next
 * attempt finds the turn free: the holder lapsed a whole term ago, and what it left open is ended.
 */
async function heldByAnother<Session>(
  own: Own<Session>,
  sessions: BatchSessions<Session> | undefined,
  asked: Asked,
): Promise<Refusal | undefined> {
  const { signal } = asked;
  const row = await own.run('read', (tx) => readClaim(own, tx, asked), { signal });
  if (row === undefined || (await sessions?.endLeftBy(row))) return undefined;
  return heldBy(row, 0);
}

/**
 * Adds the row of a strategy that never had a turn, unless it is there by now. Whoever adds the same row at the same time and
 * stops before the commit can hold this up: then it gives up, and returns `false`.
 */
async function addRow<Session>(own: Own<Session>, asked: Asked, options: TransactionOptions): Promise<boolean> {
  const insert = (tx: Tx) => tx.insert(own.claims, unclaimed(own, asked));
  try {
    await own.run('write', insert, options, { ...ONCE, lockTimeoutSeconds: 0.1 });
    return true;
  } catch (error) {
    if (isJobsweepError(error, 'CONFLICT')) return true;
    if (isJobsweepError(error, 'LOCK_TIMEOUT')) return false;
    throw error;
  }
}
